import { beforeAll, describe, expect, it } from 'vitest';
import { buildDocument } from './api/document.ts';
import { type LintFinding, lintOpenApi } from './api/lint-document.ts';

/** A place where a rule does not fit, with the reason. */
const EXCEPTIONS: readonly { rule: string; at: RegExp; reason: string }[] = [
  {
    rule: 'operation-2xx-response',
    at: /~1socket\/get\/responses$/,
    reason: 'a WebSocket is opened with 101',
  },
  {
    rule: 'operation-success-response',
    at: /~1socket\/get\/responses$/,
    reason: 'a WebSocket is opened with 101',
  },
  {
    rule: 'no-ambiguous-paths',
    at: /^#\/paths\/~1api~1v1~1links~1/,
    reason: 'a fixed segment wins over a parameter, and no code of a link looks like one',
  },
];

const isExcepted = ({ rule, at }: LintFinding) =>
  EXCEPTIONS.some((each) => each.rule === rule && each.at.test(at));

let findings: LintFinding[];
beforeAll(async () => {
  findings = await lintOpenApi(buildDocument());
});

describe('the OpenAPI document', () => {
  it('has no error, warning or hint of Redocly or Spectral', () => {
    expect(findings.filter((finding) => !isExcepted(finding))).toEqual([]);
  });

  it('needs every exception', () => {
    const unused = EXCEPTIONS.filter(
      ({ rule, at }) => !findings.some((finding) => finding.rule === rule && at.test(finding.at)),
    );
    expect(unused).toEqual([]);
  });

  it('would be refused with an operation that has no tag, id or summary', async () => {
    const { paths, ...rest } = buildDocument();
    const { tags, operationId, summary, ...operation } = paths['/api/v1/rooms']!.get!;
    expect([tags, operationId, summary]).not.toContain(undefined);
    const broken = { ...rest, paths: { '/api/v1/rooms': { get: operation } } };
    const rules = (await lintOpenApi(broken))
      .filter((finding) => !isExcepted(finding))
      .map(({ rule }) => rule);
    expect(rules).toEqual(
      expect.arrayContaining(['operation-summary', 'operation-operationId', 'operation-tags']),
    );
  });
});
