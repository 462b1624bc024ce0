/** `npm run new -- module <domain>/<name>`: writes the files of a new module, and adds it to its domain and the README. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { CommandError, runCommand } from '../local/command-error.ts';
import { buildModuleFiles, type ModuleNames, nameModule } from './module-files.ts';

const ROOT = join(import.meta.dirname, '../..');
/** Their modules serve every organization: the rows of a new one would have none. */
const WITHOUT_TENANTS = ['kernel', 'platform'];
const NAME = /^[a-z][a-z0-9]*(-[a-z][a-z0-9]*)*$/;

/** @throws CommandError that says what to write instead */
function parseArguments(args: readonly string[], root: string): ModuleNames {
  const [kind, path = ''] = args;
  const [domain = '', name = '', ...rest] = path.split('/');
  if (kind !== 'module' || args.length !== 2 || name === '' || rest.length > 0)
    throw new CommandError('write `npm run new -- module <domain>/<name>`, for example `module rooms/notes`');
  if (!NAME.test(name))
    throw new CommandError(`"${name}" is no name of a module: use lower-case words joined by hyphens`);
  if (WITHOUT_TENANTS.includes(domain))
    throw new CommandError(`a module of ${domain} has no rows of organizations: write it by hand`);
  if (!existsSync(join(root, `src/${domain}/index.ts`)))
    throw new CommandError(`there is no domain "${domain}"; src/README.md lists the domains`);
  if (existsSync(join(root, `src/${domain}/${name}`)))
    throw new CommandError(`src/${domain}/${name} exists already`);
  const names = nameModule(domain, name);
  if (names.singular === names.plural)
    throw new CommandError(`"${name}" is no plural: a module has the name of its noun, like \`notes\``);
  return names;
}

/** Inserts text before the first match. @throws CommandError when the file has another form than expected */
function insertBefore(path: string, text: string, anchor: RegExp, inserted: string): string {
  const at = text.search(anchor);
  if (at === -1) throw new CommandError(`${path} has changed its form: add ${inserted.trim()} by hand`);
  return text.slice(0, at) + inserted + text.slice(at);
}

/** The index of the domain with the module at its end. */
function addToDomain(path: string, text: string, { plural, name }: ModuleNames): string {
  const withImport = insertBefore(
    path,
    text,
    /\n\/\*\* The modules of the domain/,
    `import { ${plural}Module } from './${name}/module.ts';\n`,
  );
  return withImport.replace(/,?\s*\];\s*$/, `,\n  ${plural}Module,\n];\n`);
}

/** The table of modules in the README with a row after those of the domain, and its link. */
function addToReadme(text: string, { domain, name, noun }: ModuleNames): string {
  const lines = text.split('\n');
  const addAfterLast = (pattern: RegExp, line: string) => {
    const last = lines.findLastIndex((each) => pattern.test(each));
    if (last === -1) throw new CommandError(`README.md has changed its form: add ${line} by hand`);
    lines.splice(last + 1, 0, line);
  };
  const path = `${domain}/${name}`;
  const row = lines.find((each) => each.startsWith(`| [${domain}/`)) ?? '';
  const [, first = '', second = ''] = row.split('|');
  const cells = [
    ` [${path}] `.padEnd(first.length),
    ` what ${noun}s are, in a few words `.padEnd(second.length),
  ];
  addAfterLast(new RegExp(`^\\| \\[${domain}/`), `|${cells.join('|')}|`);
  addAfterLast(new RegExp(`^\\[${domain}/`), `[${path}]: src/${path}/README.md`);
  return lines.join('\n');
}

/** The prefixes of ids with one for the noun: its beginning that no other kind has. */
function addIdPrefix(path: string, text: string, { singular }: ModuleNames): string {
  const taken = new Set([...text.matchAll(/^ {2}\w+: '(\w+)',$/gm)].map(([, prefix]) => prefix));
  const word = singular.toLowerCase();
  const prefix = [3, 4, 5, word.length]
    .map((length) => word.slice(0, length))
    .find((each) => !taken.has(each));
  if (prefix === undefined || new RegExp(`^ {2}${singular}: '`, 'm').test(text))
    throw new CommandError(`${path} has a kind or prefix of the name "${singular}" already`);
  const kinds = [...text.matchAll(/^ {2}(\w+): '\w+',$/gm)].map(([, kind = '']) => kind);
  const next = kinds.find((kind) => kind > singular);
  return insertBefore(
    path,
    text,
    next === undefined ? /^\} as const;/m : new RegExp(`^ {2}${next}: `, 'm'),
    `  ${singular}: '${prefix}',\n`,
  );
}

/**
 * Writes a new module below the root.
 * @returns the paths of the files that were written or changed
 * @throws CommandError, before anything is written
 */
export function createModule(args: readonly string[], root: string): { names: ModuleNames; paths: string[] } {
  const names = parseArguments(args, root);
  const read = (path: string) => readFileSync(join(root, path), 'utf8');
  const index = `src/${names.domain}/index.ts`;
  const ids = 'src/kernel/core/ids.ts';
  const files = {
    ...buildModuleFiles(names),
    [index]: addToDomain(index, read(index), names),
    [ids]: addIdPrefix(ids, read(ids), names),
    'README.md': addToReadme(read('README.md'), names),
  };
  for (const [path, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return { names, paths: Object.keys(files) };
}

async function main(): Promise<void> {
  const { names, paths } = createModule(process.argv.slice(2), ROOT);
  spawnSync(join(ROOT, 'node_modules/.bin/oxfmt'), paths, { cwd: ROOT, stdio: 'inherit' });
  const { domain, name, table } = names;
  console.log(`Wrote ${paths.length} files. Next:
  1. describe nouns and rules in src/${domain}/${name}/README.md, and the module in one line in README.md
  2. npm run db:generate -- --name ${table}; then, with --custom: select tenant_wall('${table}');
  3. give \`${name}:write\` to roles in src/identity/access/roles.rules.ts
  4. npx vitest --project node test/${domain}/${name}: one test fails and says how to continue`);
}

if (import.meta.main) await runCommand('new', main);
