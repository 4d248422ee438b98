export type { StudioContent } from './content.ts';
export { pageFolder } from './page-folder.ts';
export { type Site, type SiteModel, siteFile } from './site.ts';
export { type RunningStudio, type StartStudioOptions, startStudio } from './start-studio.ts';
