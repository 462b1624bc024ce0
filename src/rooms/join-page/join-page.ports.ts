/** Addresses of the page's static files; each contains a hash of its content. */
export interface PageFiles {
  script: string;
  style: string;
  icon: string;
}

export interface Pages {
  /** @throws AppError `server.unavailable` when the files cannot be read */
  files(): Promise<PageFiles>;
}

declare module '../../kernel/context/context.ts' {
  interface Ports {
    pages: Pages;
  }
}
