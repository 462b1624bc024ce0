/** The people who may talk to an agent: everybody with `agents:read`, or its author and those who manage agents. */
export const AGENT_AUDIENCES = ['organization', 'managers'] as const;
