interface Viewer {
  identity: string;
  name?: string | undefined;
  attributes: Readonly<Record<string, string>>;
}

interface Call {
  localParticipant: { isScreenShareEnabled: boolean };
  remoteParticipants: ReadonlyMap<string, Viewer>;
}

/** Names of the agents that see the screen that this participant shares; none while they share none. */
export function listScreenViewers({ localParticipant, remoteParticipants }: Call): string[] {
  if (!localParticipant.isScreenShareEnabled) return [];
  const viewers = [...remoteParticipants.values()].filter(
    ({ attributes }) => attributes.seesScreens === 'true',
  );
  return viewers.map(({ name, identity }) => name || identity);
}
