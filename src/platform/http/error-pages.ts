import type { Services } from '../../kernel/context/index.ts';
import type { Reply, Route } from './route.ts';

/** A failed request for a page. */
export interface FailedPageRequest {
  /** Path of the request as it was sent, with its escapes. */
  path: string;
  status: number;
  /** Code of the error. */
  code: string;
  requestId: string;
}

/** The page that people see instead of a problem. */
export type ErrorPage = (services: Services, failure: FailedPageRequest) => Promise<Reply>;

const firstSegmentOf = (path: string): string => path.split('/', 2)[1]!.toLowerCase();

/**
 * Finds the error page for a path: that of the routes with the same first segment, in either case, so that people get a page
 * also where there is no route.
 */
export function createErrorPages(routes: readonly Route[]): (path: string) => ErrorPage | undefined {
  const pages = new Map(
    routes.flatMap(({ path, errorPage }) => (errorPage ? [[firstSegmentOf(path), errorPage] as const] : [])),
  );
  return (path) => pages.get(firstSegmentOf(path));
}
