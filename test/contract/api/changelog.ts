/** The lines under "Breaking" of the changelog's section "Unreleased". */
function readAnnouncements(changelog: string): string {
  const unreleased = /^## Unreleased$([\s\S]*?)(?=^## |$(?![\s\S]))/m.exec(changelog)?.[1] ?? '';
  return /^### Breaking$([\s\S]*?)(?=^### |$(?![\s\S]))/m.exec(unreleased)?.[1] ?? '';
}

/** What a breaking change concerns: `POST /api/v1/rooms`, or an error code. */
const getSubject = (change: string): string => change.slice(0, change.indexOf(': '));

/** The breaking changes whose operation or code the changelog does not name, in backticks, as breaking. */
export function listUnannounced(changes: readonly string[], changelog: string): string[] {
  const announcements = readAnnouncements(changelog);
  return changes.filter((change) => !announcements.includes(`\`${getSubject(change)}\``));
}
