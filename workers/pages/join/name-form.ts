import { byId, setText } from './dom.ts';

export interface JoinForm {
  name: string;
  password: string | undefined;
}

const field = (id: string) => document.getElementById(id) as HTMLInputElement | null;

/** Shows the error beside the field and moves the focus there; an empty text clears it. */
export function showFieldError(id: 'name' | 'password', text: string): void {
  const input = field(id);
  if (!input) return;
  setText(byId(`${id}-error`, HTMLElement), text);
  input.setAttribute('aria-invalid', String(text !== ''));
  if (text !== '') input.focus();
}

/** Listens to the form of the first step. @param submit is called once all fields are filled in */
export function listenToNameForm(savedName: string, submit: (form: JoinForm) => void): void {
  byId('name', HTMLInputElement).value = savedName;
  byId('name-form', HTMLFormElement).addEventListener('submit', (event) => {
    event.preventDefault();
    const name = byId('name', HTMLInputElement).value.trim();
    const password = field('password')?.value;
    showFieldError('password', password === '' ? 'Enter the password of the call.' : '');
    showFieldError('name', name === '' ? 'Enter your name.' : '');
    if (name !== '' && password !== '') submit({ name, password });
  });
}
