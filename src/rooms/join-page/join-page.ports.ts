/** Where the browser's side of the page is served: addresses that name their content. */
export interface PageFiles {
  script: string;
  style: string;
  icon: string;
}

export interface Pages {
  /** @throws AppError `server.unavailable` when they are not to be had */
  files(): Promise<PageFiles>;
}

declare module '../../kernel/context/context.ts' {
  interface Ports {
    pages: Pages;
  }
}
