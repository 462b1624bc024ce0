/**
 * `npm run check:contract [-- --update]`: writes the OpenAPI document to `dist/openapi.json` and compares it with the
 * contract that landed last, `__snapshots__/api/baseline.json`, together with the frames of the sockets and the events. With `--update` it takes the contract of the working tree
 * as the new baseline and rewrites the texts beside it; it refuses that for a breaking change that `CHANGELOG.md` does not
 * announce.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { routes } from '../../../workers/http.ts';
import { type Baseline, formatBaseline, reduceContract } from './baseline.ts';
import { listUnannounced } from './changelog.ts';
import { findBreakingChanges } from './compare-contracts.ts';
import { renderContract } from './contract-text.ts';
import { buildDocument } from './document.ts';
import { BASELINE_FILE, writeContractTexts } from './files.ts';
import { buildMessages } from './messages.ts';

const document = buildDocument();
mkdirSync('dist', { recursive: true });
writeFileSync('dist/openapi.json', JSON.stringify(document));

const messages = buildMessages();
const current = reduceContract(document, messages);
const breaking = findBreakingChanges(JSON.parse(readFileSync(BASELINE_FILE, 'utf8')) as Baseline, current);
const unannounced = listUnannounced(breaking, readFileSync('CHANGELOG.md', 'utf8'));
for (const line of breaking) console.error(`breaking: ${line}`);

if (unannounced.length > 0) {
  console.error(
    'A client would notice this. Keep what was promised, or name each operation under "Unreleased" / "Breaking" in CHANGELOG.md (see CONTRIBUTING.md, "Change the API").',
  );
  process.exitCode = 1;
} else if (process.argv.includes('--update')) {
  writeFileSync(BASELINE_FILE, formatBaseline(current));
  writeContractTexts(renderContract(document, routes, messages));
}
