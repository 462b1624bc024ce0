/**
 * `npm run lock:complete`, after `npm install` changed the lock file: adds packages that npm left out because the
 * registry keeps them only for some platforms. Without these entries `npm ci` refuses the lock file; with them it skips
 * the packages, because they are for other platforms.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { runCommand } from '../local/command-error.ts';

interface LockedPackage {
  version?: string;
  dev?: boolean;
  optional?: boolean;
  os?: string[];
  cpu?: string[];
  libc?: string[];
  optionalDependencies?: Record<string, string>;
}
export type LockedPackages = Record<string, LockedPackage>;

const SYSTEMS: Record<string, string> = {
  android: 'android',
  darwin: 'darwin',
  freebsd: 'freebsd',
  linux: 'linux',
  openharmony: 'openharmony',
  win32: 'win32',
  windows: 'win32',
};
const PROCESSORS: Record<string, string> = {
  '64': 'x64',
  arm: 'arm',
  arm64: 'arm64',
  ia32: 'ia32',
  ppc64: 'ppc64',
  riscv64: 'riscv64',
  s390x: 's390x',
  x64: 'x64',
};

/** The platform that a package's name ends in: `@oxlint/binding-linux-x64-musl`. */
function parsePlatform(name: string): Pick<LockedPackage, 'os' | 'cpu' | 'libc'> | undefined {
  const words = name.slice(name.lastIndexOf('/') + 1).split('-');
  const lookUpWords = (vocabulary: Record<string, string>) =>
    words.map((word) => vocabulary[word]).filter((word) => word !== undefined);
  const os = lookUpWords(SYSTEMS);
  if (os.length === 0) return undefined;
  const libc = words.some((word) => word.startsWith('musl'))
    ? ['musl']
    : words.some((word) => word.startsWith('gnu'))
      ? ['glibc']
      : undefined;
  return { cpu: lookUpWords(PROCESSORS), ...(libc ? { libc } : {}), os };
}

const parentFolder = (path: string) => path.slice(0, path.lastIndexOf('node_modules/'));

/** Adds the platform packages that are named and not locked, each beside its siblings; returns what it added. */
export function completeLock(packages: LockedPackages): string[] {
  const added: string[] = [];
  for (const [path, { optionalDependencies = {}, dev }] of Object.entries(packages)) {
    const names = Object.keys(optionalDependencies);
    const folders = [`${path}/`, parentFolder(path), ''].map((folder) => `${folder}node_modules/`);
    const siblingFolder = folders.find((folder) => names.some((name) => packages[`${folder}${name}`]));
    for (const [name, version] of Object.entries(optionalDependencies)) {
      const platform = parsePlatform(name);
      const lockPath = `${siblingFolder}${name}`;
      if (siblingFolder === undefined || platform === undefined || packages[lockPath] || !/^\d/.test(version))
        continue;
      packages[lockPath] = { version, ...(dev ? { dev } : {}), optional: true, ...platform };
      added.push(lockPath);
    }
  }
  return added;
}

async function main(): Promise<void> {
  const file = join(import.meta.dirname, '../../package-lock.json');
  const lock = JSON.parse(await readFile(file, 'utf8')) as { packages: LockedPackages };
  const added = completeLock(lock.packages);
  lock.packages = Object.fromEntries(
    Object.entries(lock.packages).sort(([a], [b]) => a.localeCompare(b, 'en')),
  );
  await writeFile(file, `${JSON.stringify(lock, null, 2)}\n`);
  console.log(added.length === 0 ? 'the lock file is complete' : `added\n  ${added.join('\n  ')}`);
}

if (import.meta.main) await runCommand('lock:complete', main);
