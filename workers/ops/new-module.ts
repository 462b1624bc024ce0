/** `npm run new -- module <domain>/<name>`: writes the files of a new module, and adds it to its domain and the README. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { CommandError, runCommand } from '../local/command-error.ts';
import { buildModuleFiles } from './module-files.ts';
import { type ModuleNames, nameModule } from './module-names.ts';

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

/** The table of modules in the README with a row after those of the domain. */
function addToReadme(text: string, { domain, name, nouns }: ModuleNames): string {
  const path = `${domain}/${name}`;
  const row = `| [${path}](src/${path}/README.md) | ${nouns} of an organization |`;
  const lines = text.split('\n');
  const last = lines.findLastIndex((line) => line.startsWith(`| [${domain}/`));
  if (last === -1) throw new CommandError(`README.md has changed its form: add ${row} by hand`);
  return lines.toSpliced(last + 1, 0, row).join('\n');
}

/**
 * The kinds of ids with one for the noun.
 * @returns the new text, and the prefix: the beginning of the noun that no other kind has
 */
function addIdPrefix(
  path: string,
  text: string,
  { singular }: ModuleNames,
): { text: string; prefix: string } {
  const taken = new Set([...text.matchAll(/^ {2}\w+: '(\w+)',$/gm)].map(([, prefix]) => prefix));
  const word = singular.toLowerCase();
  const prefix = [3, 4, 5, word.length]
    .map((length) => word.slice(0, length))
    .find((each) => !taken.has(each));
  if (prefix === undefined || new RegExp(`^ {2}${singular}: '`, 'm').test(text))
    throw new CommandError(`${path} has a kind or prefix of the name "${singular}" already`);
  const kinds = [...text.matchAll(/^ {2}(\w+): '\w+',$/gm)].map(([, kind = '']) => kind);
  const next = kinds.find((kind) => kind > singular);
  const anchor = next === undefined ? /^\} as const;/m : new RegExp(`^ {2}${next}: `, 'm');
  return { prefix, text: insertBefore(path, text, anchor, `  ${singular}: '${prefix}',\n`) };
}

interface NewModule {
  names: ModuleNames;
  /** Prefix of the ids of its noun. */
  prefix: string;
  /** Paths of the files that were written. */
  written: string[];
  /** Paths of the files that were changed. */
  changed: string[];
}

/**
 * Writes a new module below the root.
 * @throws CommandError, before anything is written
 */
export function createModule(args: readonly string[], root: string): NewModule {
  const names = parseArguments(args, root);
  const read = (path: string) => readFileSync(join(root, path), 'utf8');
  const index = `src/${names.domain}/index.ts`;
  const ids = 'src/kernel/core/ids.ts';
  const { prefix, text: idKinds } = addIdPrefix(ids, read(ids), names);
  const written = buildModuleFiles(names);
  const changed = {
    'README.md': addToReadme(read('README.md'), names),
    [index]: addToDomain(index, read(index), names),
    [ids]: idKinds,
  };
  for (const [path, text] of Object.entries({ ...written, ...changed })) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), text);
  }
  return { names, prefix, written: Object.keys(written), changed: Object.keys(changed) };
}

/** The steps that were done, and those that a developer does next. */
function formatNextSteps({ names, prefix, written, changed }: NewModule): string {
  const { domain, name, table } = names;
  const folder = `src/${domain}/${name}`;
  return `Wrote ${written.length} files; changed ${changed.join(', ')}.
Ids begin with \`${prefix}_\`: another prefix is possible in src/kernel/core/ids.ts until the first id is stored. Next:
  1. describe nouns and rules in ${folder}/README.md, and the module in its row of README.md
     and on the page of its domain, if it has one
  2. npm run db:generate -- --name ${table}
  3. give \`${name}:write\` to roles: CONTRIBUTING.md, "Add a permission"
  4. npx vitest --project node test/${domain}/${name}: one test fails until it tests the first rule of the module
  5. delete what the module does not need, such as ${folder}/${name}.rules.ts
  6. npm run check:contract -- --update; npx vitest run --project node test/contract -u: review both diffs
  7. a line in CHANGELOG.md; start \`npm start\` again, which applies the migration`;
}

async function main(): Promise<void> {
  const module = createModule(process.argv.slice(2), ROOT);
  const paths = [...module.written, ...module.changed];
  const formatter = spawnSync(join(ROOT, 'node_modules/.bin/oxfmt'), paths, { cwd: ROOT, encoding: 'utf8' });
  if (formatter.status !== 0)
    throw new CommandError(`the new files cannot be formatted: ${formatter.stderr}`);
  console.log(formatNextSteps(module));
}

if (import.meta.main) await runCommand('new', main);
