import type { ChatFile, ChatLog, ChatMessage } from './chat-log.ts';
import { byId, fromTemplate, setHidden, setText, queryWithin } from './dom.ts';
import { renderFiles } from './panels/message-files.ts';
import { splitLinks } from './panels/message-links.ts';
import { formatTime, isGuest } from './texts.ts';

/** The parts beside the text: whether it was edited, and the reactions. */
function describeMessage({ edited, deleted, reactions }: ChatMessage): string {
  if (deleted) return '';
  const counts = [...reactions]
    .filter(([, identities]) => identities.size > 0)
    .map(([emoji, identities]) => `${emoji} ${identities.size}`);
  return [edited ? '(edited)' : '', ...counts].filter(Boolean).join('  ');
}

/** A message as nodes: its links open elsewhere and give nothing away. */
const renderMessage = ({ text, deleted }: ChatMessage): (string | Node)[] =>
  deleted
    ? ['This message was deleted.']
    : splitLinks(text).flatMap((part) => {
        if (typeof part === 'string') return [part];
        const link = document.createElement('a');
        link.href = part.url;
        link.textContent = part.text;
        link.rel = 'noopener noreferrer';
        link.target = '_blank';
        return part.host === undefined ? [link] : [link, ` (${part.host})`];
      });

/** The chat panel. */
export class ChatView {
  readonly #list = byId('messages', HTMLOListElement);
  readonly #field = byId('message', HTMLTextAreaElement);
  readonly #items = new Map<string, HTMLElement>();
  readonly #save: (file: ChatFile) => void;

  /** @param send returns whether the text was sent @param save has the browser save a file */
  constructor(send: (text: string) => boolean, save: (file: ChatFile) => void) {
    this.#save = save;
    const form = byId('chat-form', HTMLFormElement);
    form.addEventListener('submit', (event) => {
      event.preventDefault();
      const text = this.#field.value.trim();
      if (text === '') return;
      const sent = send(text);
      this.showError(sent ? '' : 'Not connected: the message was not sent.');
      if (sent) this.#field.value = '';
    });
    this.#field.addEventListener('keydown', (event) => {
      if (event.key !== 'Enter' || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      form.requestSubmit();
    });
  }

  show(log: ChatLog, self: string): void {
    const atEnd = this.#list.scrollHeight - this.#list.scrollTop - this.#list.clientHeight < 40;
    for (const message of log.values()) this.#put(message, self);
    // The history arrives after newer messages: put all items in order.
    const order = [...log.keys()].map((key) => this.#items.get(key)!);
    order.forEach((item, at) => {
      if (this.#list.children[at] !== item) this.#list.insertBefore(item, this.#list.children[at] ?? null);
    });
    setHidden(byId('no-messages', HTMLElement), log.size > 0);
    if (atEnd) this.#list.scrollTop = this.#list.scrollHeight;
  }

  showError(text: string): void {
    setText(byId('chat-error', HTMLElement), text);
  }

  open(): void {
    this.#list.scrollTop = this.#list.scrollHeight;
    this.#field.focus();
  }

  clear(): void {
    this.#items.clear();
    this.#list.replaceChildren();
    setHidden(byId('no-messages', HTMLElement), false);
  }

  #put(message: ChatMessage, self: string): void {
    let item = this.#items.get(message.messageId);
    if (!item) {
      item = fromTemplate('message-template');
      const time = queryWithin(item, 'time', HTMLTimeElement);
      time.dateTime = message.sentAt;
      setText(time, formatTime(message.sentAt));
      this.#items.set(message.messageId, item);
    }
    setText(queryWithin(item, '.name', HTMLElement), message.identity === self ? 'You' : message.name);
    setHidden(queryWithin(item, '.guest', HTMLElement), !isGuest(message.identity));
    setText(queryWithin(item, '.extras', HTMLElement), describeMessage(message));
    const text = queryWithin(item, '.text', HTMLElement);
    if (item.dataset.text !== message.text || message.deleted)
      text.replaceChildren(...renderMessage(message));
    item.dataset.text = message.text;
    this.#putFiles(item, message);
    item.classList.toggle('deleted', message.deleted);
  }

  /** Replaces the files of a message only when they are others: one of them may have the focus. */
  #putFiles(item: HTMLElement, { files }: ChatMessage): void {
    const list = queryWithin(item, '.files', HTMLUListElement);
    const shown = JSON.stringify(files);
    if (list.dataset.shown === shown) return;
    list.dataset.shown = shown;
    list.replaceChildren(...renderFiles(files, this.#save));
    setHidden(list, files.length === 0);
  }
}

/** Shows the number of unread messages on the chat button. */
export function showUnread(count: number): void {
  const button = byId('toggle-chat', HTMLButtonElement);
  setText(queryWithin(button, 'span', HTMLElement), count > 0 ? `Chat (${count})` : 'Chat');
  button.classList.toggle('unread', count > 0);
  setHidden(button, false);
}
