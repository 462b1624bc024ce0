import { setText } from '../dom.ts';

const CONFIRM_MS = 4_000;

/** A button that acts when it is pressed a second time, because its action cannot be undone. */
export function listenForConfirmed(button: HTMLButtonElement, act: () => void): void {
  const label = button.textContent;
  let end: ReturnType<typeof setTimeout> | undefined;
  const reset = () => {
    clearTimeout(end);
    end = undefined;
    setText(button, label);
    button.classList.remove('confirming');
  };
  button.addEventListener('click', () => {
    if (end !== undefined) {
      reset();
      return act();
    }
    setText(button, `${label}: press again`);
    button.classList.add('confirming');
    end = setTimeout(reset, CONFIRM_MS);
  });
  button.addEventListener('blur', reset);
}
