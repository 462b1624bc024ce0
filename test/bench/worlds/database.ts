import { openPostgres } from '../../../workers/local/database/postgres.ts';
import { serveDatabase } from '../../../workers/local/database/endpoint.ts';

// A process of its own for the endpoint that speaks Neon's protocol, so that its work is not counted as that of the reader.
// Prints its URL, and ends with the process that started it.
const { url } = await serveDatabase(openPostgres(process.argv[2]!), 0);
console.log(url);
process.stdin.resume().on('end', () => process.exit());
