import { byId, setHidden, setText } from './dom.ts';
import { showLevel } from './level-meter.ts';
import { describeDeviceError } from './texts.ts';

/** The devices for the call; null for a device that stays off. */
export interface DeviceChoice {
  /** Device id; empty for the browser's default. */
  cameraId: string | null;
  microphoneId: string | null;
}

export const NO_DEVICES: DeviceChoice = { cameraId: null, microphoneId: null };

type Source = 'camera' | 'microphone';
const KINDS = { camera: 'videoinput', microphone: 'audioinput' } as const;

const checkbox = (source: Source) => byId(`${source}-on`, HTMLInputElement);
const select = (source: Source) => byId(source, HTMLSelectElement);

/** The step in which the visitor chooses and tries devices. */
export class DevicePicker {
  readonly #offered: readonly Source[];
  readonly #streams: Partial<Record<Source, MediaStream>> = {};
  readonly #problems: Partial<Record<Source, string>> = {};
  #stopLevel: (() => void) | undefined;
  #closed = true;

  /** @param offered what may be published in this room, by this role */
  constructor(offered: readonly Source[]) {
    this.#offered = offered;
    const hasCamera = offered.includes('camera');
    setHidden(byId('camera-preview', HTMLElement), !hasCamera);
    if (!hasCamera) setText(byId('devices-title', HTMLElement), 'Microphone');
    for (const source of ['camera', 'microphone'] as const) {
      setHidden(byId(`${source}-choice`, HTMLElement), !offered.includes(source));
      checkbox(source).addEventListener('change', () => void this.#apply(source));
      select(source).addEventListener('change', () => void this.#apply(source));
    }
  }

  /** Asks the browser for the devices and shows preview and level. */
  async open(): Promise<void> {
    this.#closed = false;
    for (const source of this.#offered) if (!this.#closed) await this.#apply(source);
    await this.#list();
  }

  /** The visitor's choice, even before the device has answered: the call asks for it again. */
  get choice(): DeviceChoice {
    const id = (source: Source) =>
      this.#offered.includes(source) && checkbox(source).checked ? select(source).value : null;
    return { cameraId: id('camera'), microphoneId: id('microphone') };
  }

  /** Releases the devices for the call. */
  close(): void {
    this.#closed = true;
    for (const source of this.#offered) this.#stop(source);
  }

  async #apply(source: Source): Promise<void> {
    this.#stop(source);
    delete this.#problems[source];
    if (checkbox(source).checked)
      try {
        const deviceId = select(source).value;
        const constraint = deviceId ? { deviceId: { ideal: deviceId } } : true;
        const wanted = source === 'camera' ? { video: constraint } : { audio: constraint };
        this.#streams[source] = await navigator.mediaDevices.getUserMedia(wanted);
        if (this.#closed) this.#stop(source);
      } catch (error) {
        checkbox(source).checked = false;
        this.#problems[source] = describeDeviceError(error, source);
      }
    this.#show(source);
  }

  #stop(source: Source): void {
    this.#streams[source]?.getTracks().forEach((track) => track.stop());
    delete this.#streams[source];
    if (source === 'microphone') this.#stopLevel?.();
    if (source === 'microphone') this.#stopLevel = undefined;
  }

  #show(source: Source): void {
    const stream = this.#streams[source];
    setText(byId('devices-note', HTMLElement), Object.values(this.#problems).join(' '));
    if (source === 'microphone') {
      this.#stopLevel = stream && showLevel(stream);
      return;
    }
    const video = byId('preview', HTMLVideoElement);
    video.srcObject = stream ?? null;
    setHidden(byId('preview-note', HTMLElement), stream !== undefined);
    if (stream) void video.play();
  }

  /** Browsers name devices only after access to one of them was allowed. */
  async #list(): Promise<void> {
    const devices = await navigator.mediaDevices.enumerateDevices();
    for (const source of this.#offered) {
      const current = this.#streams[source]?.getTracks()[0]?.getSettings().deviceId;
      const options = devices
        .filter(({ kind }) => kind === KINDS[source])
        .map(({ deviceId, label }, at) => new Option(label || `${source} ${at + 1}`, deviceId));
      select(source).replaceChildren(...options);
      if (current) select(source).value = current;
      select(source).disabled = options.length < 2;
    }
  }
}
