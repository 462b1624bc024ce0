import { byId, setText } from './dom.ts';

export interface JoinForm {
  name: string;
  password: string | undefined;
}

const field = (id: string) => document.getElementById(id) as HTMLInputElement | null;

/** Says what is wrong beside the field, and takes the keyboard there. */
export function showFieldError(id: 'name' | 'password', text: string): void {
  const input = field(id);
  if (!input) return;
  setText(byId(`${id}-error`, HTMLElement), text);
  input.setAttribute('aria-invalid', String(text !== ''));
  if (text !== '') input.focus();
}

/** The first question. @param submit is given what was filled in, once nothing is missing */
export function listenToNameForm(savedName: string, submit: (named: JoinForm) => void): void {
  byId('name', HTMLInputElement).value = savedName;
  byId('name-form', HTMLFormElement).addEventListener('submit', (event) => {
    event.preventDefault();
    const name = byId('name', HTMLInputElement).value.trim();
    const password = field('password')?.value;
    showFieldError('password', password === '' ? 'Enter the password of the meeting.' : '');
    showFieldError('name', name === '' ? 'Enter your name.' : '');
    if (name !== '' && password !== '') submit({ name, password });
  });
}
