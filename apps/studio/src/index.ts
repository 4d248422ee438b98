export { pageFolder } from './page-folder.ts';
export {
  type Site,
  type SiteCurve,
  type SiteModel,
  type SitePool,
  type SiteUser,
  siteFile,
} from './site.ts';
export { type RunningStudio, type StartStudioOptions, startStudio } from './start-studio.ts';
