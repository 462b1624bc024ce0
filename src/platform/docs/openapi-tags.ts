import type { Route } from '../http/index.ts';

/** What the API reference says about each group of operations. */
const TAG_DESCRIPTIONS: Readonly<Record<string, string>> = {
  AI: 'Models of AI providers: asking them, and what it uses.',
  'AI quality': 'What people think of answers of models, and how models do.',
  Analytics: 'What happens in the organization, now and over time.',
  'API keys': 'Credentials of programs, with scopes and limits of their own.',
  Audit: 'The tamper-evident log of all changes: list, export, verify.',
  Authentication: 'Sign-up, log-in, sessions, and the credential of the request.',
  Billing: 'Plans, what they allow and what they cost.',
  'Breakout rooms': 'Small rooms for the people of a call, for a while.',
  Buckets: 'Buckets of customers, on S3-compatible storage of their own.',
  Calls: 'Calls that are open or have ended, with participants and timeline.',
  Chat: 'Messages in a room.',
  Contacts: 'The address book of a user, private to them.',
  Costs: 'What calls and other usage cost, line by line.',
  Documentation: 'This reference, and the documents for programs.',
  Health: 'Whether the product runs, and how.',
  Inbox: 'The socket of a user: presence, rings and changes on every device.',
  Invitations: 'Invitations of people to an organization, by email.',
  Ingresses: 'Streams from outside that come into calls.',
  Joining: 'Ways into a call: members, guests, lobby.',
  Links: 'Links through which people join a room, also without an account.',
  MCP: 'The server for MCP clients, and connections to MCP servers of others.',
  'Meeting workflows': 'What is done after calls: summaries, outcomes, mails, and each step of it.',
  Members: 'People of an organization and their roles.',
  Moderation:
    'What hosts and moderators do in a call; rules for what is written and said, and their reviews.',
  Operations: 'Long work: its progress and its result.',
  Operator: "For the platform's operator alone.",
  Organizations: 'Organizations, to which everything else belongs.',
  Files: 'What people upload, and share with others.',
  'Phone calls': 'Telephones that are called into calls.',
  'Phone numbers': 'Numbers of the organization that telephones call to come into its rooms.',
  'Phone trunks': 'Ways of the organization to the telephone network.',
  Polls: 'Polls in a room.',
  Presence: 'Whether people are available.',
  Compression:
    'How strongly media is compressed, what participants are recommended to send, and what came of it.',
  Captions: 'Live captions of calls.',
  Memory: 'What is remembered for people, rooms and the organization, and recalled.',
  'Live streams': 'Live streams of calls to receivers outside, and as HLS segments.',
  Recordings: 'Recordings of calls, in buckets of the organization.',
  Quality: 'Measured quality of calls, and its explanation.',
  Realtime: 'The socket of a room, described in `/asyncapi.json`.',
  Reports: 'Questions about calls and the audit log, answered, saved and run into files.',
  Rings: 'Calling a person: ring, answer, decline.',
  Rooms: 'Rooms and their settings.',
  Speech: 'Texts that are read aloud, voices, and live speech that is written down.',
  Agents: 'Agents with instructions and memory of their own, and conversations with them.',
  Teams: 'Teams of agents that work on tasks.',
  Summaries: 'What calls were about, with quotes of their transcripts.',
  Transcripts: 'What is said in files and recordings, written down.',
  Translation: 'Texts in other languages, glossaries, and what can be done with each language.',
  Usage: 'What the organization uses, by meter: totals, records, own meters.',
  Users: 'The account of the current user.',
};

/** The tags of the routes with their descriptions, by name. */
export const listTags = (routes: readonly Route[]) =>
  [...new Set(routes.map(({ tag }) => tag))]
    .sort((a, b) => a.localeCompare(b, 'en'))
    .map((name) => ({ name, description: TAG_DESCRIPTIONS[name] ?? '' }));
