import { BaseResolver, createConfig, lintDocument, makeDocumentFromString } from '@redocly/openapi-core';
import spectral, { type RulesetDefinition } from '@stoplight/spectral-core';
import rulesets from '@stoplight/spectral-rulesets';

/** What a linter says about a place of the OpenAPI document. */
export interface LintFinding {
  linter: 'redocly' | 'spectral';
  rule: string;
  /** A JSON pointer. */
  at: string;
  message: string;
}

/** Rules that are off, each with its reason; `redocly` and `spectral` are their recommended rules else. */
const SWITCHED_OFF = {
  redocly: {
    // The product is no published work, and each installation has a contact of its own.
    'info-license': 'off',
  },
  spectral: {
    'info-contact': 'off',
    // `openapi-examples.test.ts` validates every example, with formats, in a fraction of the time.
    'oas3-valid-media-example': 'off',
    'oas3-valid-schema-example': 'off',
  },
} as const;

async function lintWithRedocly(document: object): Promise<LintFinding[]> {
  const config = await createConfig({ extends: ['recommended'], rules: SWITCHED_OFF.redocly });
  const problems = await lintDocument({
    document: makeDocumentFromString(JSON.stringify(document), '/openapi.json'),
    externalRefResolver: new BaseResolver(),
    config,
  });
  return problems.map(({ ruleId, message, location: [place] }) => ({
    linter: 'redocly',
    rule: ruleId,
    at: place?.pointer ?? '#/',
    message,
  }));
}

async function lintWithSpectral(document: object): Promise<LintFinding[]> {
  const linter = new spectral.Spectral();
  // Its own type leaves out a field that the type of rule sets requires.
  linter.setRuleset({
    extends: [rulesets.oas as unknown as RulesetDefinition],
    rules: SWITCHED_OFF.spectral,
  });
  const results = await linter.run(structuredClone(document) as Record<string, unknown>);
  return results.map(({ code, message, path }) => ({
    linter: 'spectral',
    rule: String(code),
    at: `#/${path.map((part) => String(part).replaceAll('~', '~0').replaceAll('/', '~1')).join('/')}`,
    message,
  }));
}

/** Errors, warnings and hints of both linters. */
export async function lintOpenApi(document: object): Promise<LintFinding[]> {
  return (await Promise.all([lintWithRedocly(document), lintWithSpectral(document)])).flat();
}
