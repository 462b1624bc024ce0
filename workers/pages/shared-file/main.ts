import { ApiError } from '../common/api-error.ts';
import { callApi, sendRequest } from '../common/call-api.ts';
import { byId, setHidden, setText } from '../common/elements.ts';

interface SharedFile {
  requiresPassword: boolean;
  name: string | null;
  contentType: string | null;
  sizeBytes: number | null;
}

const token = new URLSearchParams(location.hash.slice(1)).get('token') ?? '';

const PROBLEMS: Readonly<Record<string, string>> = {
  'file_links.not_found':
    'This link does not work any more, or it is not complete. Ask the person who sent it to you for a new one.',
  'request.invalid': 'This link is not complete. Ask the person who sent it to you for a new one.',
  'links.wrong_password': 'The password is wrong.',
  'links.password_required': 'Enter the password.',
  'links.too_many_attempts': 'There were too many wrong passwords. Wait ten minutes and try again.',
  'request.rate_limited': 'Too many requests came from your network. Wait a minute and try again.',
  network: 'There was no answer. Check your connection and try again.',
};

function showProblem(error: unknown): void {
  if (!(error instanceof ApiError)) reportError(error);
  const code = error instanceof ApiError ? error.code : '';
  setText(
    byId('problem', HTMLElement),
    PROBLEMS[code] ?? 'Something is wrong on our side. Try again in a few minutes.',
  );
}

/** Whether another password is what helps. */
const isAboutPassword = (error: unknown): boolean =>
  error instanceof ApiError && error.code.startsWith('links.') && error.code.endsWith('password');

/** Marks the field of the password as wrong, and moves the focus there, or takes the mark back. */
function markPassword(isWrong: boolean): void {
  const field = byId('password', HTMLInputElement);
  field.setAttribute('aria-invalid', String(isWrong));
  if (isWrong) field.focus();
}

const UNITS = ['bytes', 'kB', 'MB', 'GB', 'TB'];

/** `3.4 MB`; whole numbers of bytes. */
function formatBytes(bytes: number): string {
  const unit = Math.min(UNITS.length - 1, bytes < 1 ? 0 : Math.floor(Math.log10(bytes) / 3));
  const value = bytes / 1_000 ** unit;
  return `${unit === 0 ? value : value.toFixed(1)} ${UNITS[unit]}`;
}

function showFile({ name, sizeBytes, contentType }: SharedFile): void {
  setText(byId('title', HTMLElement), name ?? 'A file with a password');
  if (name !== null) document.title = `${name} · AuraLink`;
  const facts = [sizeBytes === null ? '' : formatBytes(sizeBytes), contentType ?? ''];
  setText(byId('facts', HTMLElement), facts.filter((fact) => fact !== '').join(' · '));
}

/** Begins the download, which counts, and lets the browser save what comes. */
async function download(): Promise<void> {
  const button = byId('download', HTMLButtonElement);
  const password = byId('password', HTMLInputElement).value;
  setText(byId('problem', HTMLElement), '');
  button.disabled = true;
  try {
    const body = { token, ...(password === '' ? {} : { password }) };
    const { url } = (await sendRequest('POST', '/shared-files/open', body)) as { url: string };
    location.assign(url);
    setText(byId('status', HTMLElement), 'The download has begun.');
    markPassword(false);
  } catch (error) {
    showProblem(error);
    markPassword(isAboutPassword(error));
  }
  button.disabled = false;
}

async function show(): Promise<void> {
  const file = (await callApi('POST', '/shared-files/preview', { token })) as SharedFile;
  showFile(file);
  setHidden(byId('password-field', HTMLElement), !file.requiresPassword);
  setHidden(byId('form', HTMLElement), false);
  byId('form', HTMLFormElement).addEventListener('submit', (event) => {
    event.preventDefault();
    void download();
  });
  (file.requiresPassword ? byId('password', HTMLInputElement) : byId('title', HTMLElement)).focus();
}

if (token === '') showProblem(new ApiError('request.invalid', 400, null));
else show().catch(showProblem);
addEventListener('hashchange', () => location.reload());
