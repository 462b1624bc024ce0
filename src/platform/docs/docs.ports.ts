/** Addresses of the static files of the API reference; each contains a hash of its content. */
export interface ReferenceFiles {
  script: string;
  /** Scalar, which the script loads. */
  scalar: string;
  style: string;
  icon: string;
}

export interface ReferencePages {
  /** @throws AppError `server.unavailable` when the files cannot be read */
  files(): Promise<ReferenceFiles>;
}

declare module '../../kernel/context/context.ts' {
  interface Ports {
    referencePages: ReferencePages;
  }
}
