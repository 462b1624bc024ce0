import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** The files that take longest. The first three start products of their own, in the time that the shared one needs to start. */
const LONGEST = [
  'start',
  'webhook-outage',
  'livekit-install',
  'join-page',
  'egress-faults',
  'egress',
  'call-costs',
  'ingress',
  'telephony',
  'call-history',
  'removed-participant',
];

function rankOf({ moduleId }: TestSpecification): number {
  const rank = LONGEST.findIndex((name) => moduleId.endsWith(`/e2e/${name}.test.ts`));
  return rank < 0 ? LONGEST.length : rank;
}

/** Begins with the end-to-end tests that take longest, so that none of them runs alone in the end. Other files keep their order. */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const projects = [...new Set(sorted.map(({ project }) => project.name))];
    const placeOf = ({ project }: TestSpecification) => projects.indexOf(project.name);
    return sorted.toSorted((a, b) => placeOf(a) - placeOf(b) || rankOf(a) - rankOf(b));
  }
}
