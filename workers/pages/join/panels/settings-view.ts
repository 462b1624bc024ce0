import { byId, setHidden } from '../dom.ts';

const KINDS = { camera: 'videoinput', microphone: 'audioinput', speaker: 'audiooutput' } as const;
type Device = keyof typeof KINDS;
const DEVICES = Object.keys(KINDS) as Device[];

export interface SettingsHooks {
  switchDevice(kind: MediaDeviceKind, deviceId: string): void;
  /** @returns id of the device in use */
  activeDevice(kind: MediaDeviceKind): string | undefined;
}

const selectOf = (device: Device) => byId(`call-${device}`, HTMLSelectElement);
/** The panel in which devices are changed during the call. */
export class SettingsView {
  readonly #hooks: SettingsHooks;

  constructor(hooks: SettingsHooks) {
    this.#hooks = hooks;
    for (const device of DEVICES)
      selectOf(device).addEventListener('change', ({ target }) =>
        hooks.switchDevice(KINDS[device], (target as HTMLSelectElement).value),
      );
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
}
