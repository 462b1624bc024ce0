import type { Services } from '../../kernel/context/index.ts';
import { AppError } from '../../kernel/core/index.ts';
import type { FailedPageRequest, Reply } from '../../platform/http/index.ts';
import { type PageFiles, redirectTo } from '../../platform/pages/index.ts';
import { addressForPath } from './page-address.rules.ts';
import { renderRefusalPage } from './render-page.ts';
import { refusalTextFor } from './refusals.rules.ts';
import { presentJoinPage } from './present-join-page.ts';

const NO_FILES: PageFiles = { script: '', style: '', icon: '' };

/** Without its files the page is plain and still says what happened. */
async function readFiles({ ports }: Services): Promise<PageFiles> {
  try {
    return await ports.pages.files('join');
  } catch (error) {
    if (error instanceof AppError) return NO_FILES;
    throw error;
  }
}

/** Answers a failed request under `/join`: by the page's own address if the path holds a code, else by a page for people. */
export async function openErrorPage(
  services: Services,
  { path, status, code, requestId }: FailedPageRequest,
): Promise<Reply> {
  const address = status === 404 ? addressForPath(path) : undefined;
  if (address !== undefined) return redirectTo(address);
  const text = refusalTextFor(code);
  const files = await readFiles(services);
  return presentJoinPage(
    services,
    status,
    renderRefusalPage(files, text, { requestId: status < 500 ? undefined : requestId }),
  );
}
