/** The pages that have files of their own, each bundled from the folder of its name in `workers/pages`. */
export type PageName = 'join' | 'playback' | 'shared-file';

/** Addresses of a page's static files; each contains a hash of its content. */
export interface PageFiles {
  script: string;
  style: string;
  icon: string;
}

export interface Pages {
  /** @throws AppError `server.unavailable` when the files cannot be read */
  files(page: PageName): Promise<PageFiles>;
}

declare module '../../kernel/context/context.ts' {
  interface Ports {
    pages: Pages;
  }
}
