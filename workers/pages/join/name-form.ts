import { byId, setText } from './dom.ts';

export interface Named {
  name: string;
  password: string | undefined;
}

const field = (id: string) => document.getElementById(id) as HTMLInputElement | null;

/** Says what is wrong beside the field, and takes the keyboard there. */
export function tellFieldError(id: 'name' | 'password', text: string): void {
  const input = field(id);
  if (!input) return;
  setText(byId(`${id}-error`, HTMLElement), text);
  input.setAttribute('aria-invalid', String(text !== ''));
  if (text !== '') input.focus();
}

/** The first question. @param submit is given what was filled in, once nothing is missing */
export function listenToNameForm(known: string, submit: (named: Named) => void): void {
  byId('name', HTMLInputElement).value = known;
  byId('name-form', HTMLFormElement).addEventListener('submit', (event) => {
    event.preventDefault();
    const name = byId('name', HTMLInputElement).value.trim();
    const password = field('password')?.value;
    tellFieldError('password', password === '' ? 'Enter the password of the meeting.' : '');
    tellFieldError('name', name === '' ? 'Enter your name.' : '');
    if (name !== '' && password !== '') submit({ name, password });
  });
}
