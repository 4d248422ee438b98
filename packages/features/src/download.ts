export {
  type DownloadReport,
  downloadImages,
  type FailedDownload,
} from './download/download-images.ts';
export type {
  DownloadOptions,
  DownloadProgress,
  DownloadSystem,
} from './download/download-settings.ts';
export { downloadedImages } from './download/downloaded-images.ts';
export { isPublicAddress } from './download/public-address.ts';
export type { HostAddress, HostLookup } from './download/resolve-host.ts';
