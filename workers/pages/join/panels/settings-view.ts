import { byId, setHidden } from '../dom.ts';

const KINDS = { camera: 'videoinput', microphone: 'audioinput', speaker: 'audiooutput' } as const;
type Device = keyof typeof KINDS;
const DEVICES = Object.keys(KINDS) as Device[];
const ALL = '';

export interface SettingsHooks {
  switchDevice(kind: MediaDeviceKind, deviceId: string): void;
  /** @returns id of the device in use */
  activeDevice(kind: MediaDeviceKind): string | undefined;
  /** @param language BCP 47 tag; empty for all */
  chooseLanguage(language: string): void;
}

const selectOf = (device: Device) => byId(`call-${device}`, HTMLSelectElement);
const languageNames = new Intl.DisplayNames(undefined, { type: 'language' });

function nameLanguage(tag: string): string {
  try {
    return languageNames.of(tag) ?? tag;
  } catch {
    return tag; // sent by an agent, and no language tag
  }
}

/** The panel in which devices and the language of captions are changed during the call. */
export class SettingsView {
  readonly #hooks: SettingsHooks;
  #languages = '';

  constructor(hooks: SettingsHooks) {
    this.#hooks = hooks;
    for (const device of DEVICES)
      selectOf(device).addEventListener('change', ({ target }) =>
        hooks.switchDevice(KINDS[device], (target as HTMLSelectElement).value),
      );
    const language = byId('caption-language', HTMLSelectElement);
    language.addEventListener('change', () => hooks.chooseLanguage(language.value));
    if ('mediaDevices' in navigator)
      navigator.mediaDevices.addEventListener('devicechange', () => void this.listDevices());
  }

  async listDevices(): Promise<void> {
    if (!('mediaDevices' in navigator)) return;
    const devices = await navigator.mediaDevices.enumerateDevices();
    for (const device of DEVICES) {
      const kind = KINDS[device];
      const options = devices
        .filter((each) => each.kind === kind && each.deviceId !== '')
        .map(({ deviceId, label }, at) => new Option(label || `${device} ${at + 1}`, deviceId));
      const select = selectOf(device);
      select.replaceChildren(...options);
      select.value = this.#hooks.activeDevice(kind) ?? options[0]?.value ?? '';
      // Some browsers play sound where the system says, and list no speakers.
      setHidden(byId(`call-${device}-choice`, HTMLElement), options.length === 0);
      select.disabled = options.length < 2;
    }
  }

  /** Offers the languages in which there were captions. */
  showLanguages(tags: ReadonlySet<string>): void {
    setHidden(byId('caption-language-choice', HTMLElement), tags.size < 2);
    const joined = [...tags].join();
    if (joined === this.#languages) return;
    this.#languages = joined;
    const select = byId('caption-language', HTMLSelectElement);
    const { value } = select;
    const options = [...tags].map((tag) => new Option(nameLanguage(tag), tag));
    select.replaceChildren(new Option('All languages', ALL), ...options);
    select.value = value;
  }
}
