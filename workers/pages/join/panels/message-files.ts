import { describeFile } from '../../common/file-text.ts';
import type { ChatFile } from '../chat-log.ts';

/** The files of a message: a button for each that is still shared. @param save has the browser save one */
export function renderFiles(files: readonly ChatFile[], save: (file: ChatFile) => void): HTMLElement[] {
  return files.map((file) => {
    const item = document.createElement('li');
    if (file.name === null) {
      item.textContent = describeFile(file);
      return item;
    }
    const button = document.createElement('button');
    button.type = 'button';
    button.textContent = describeFile(file);
    button.title = 'Download';
    button.addEventListener('click', () => save(file));
    item.append(button);
    return item;
  });
}

/** Makes the browser save bytes under a name. */
export function saveBytes(bytes: Blob, name: string): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(bytes);
  link.download = name;
  link.click();
  // The browser has taken the bytes over once the click was handled.
  setTimeout(() => URL.revokeObjectURL(link.href), 0);
}
