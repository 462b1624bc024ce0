import { neon, neonConfig } from '@neondatabase/serverless';
import { AccessToken } from 'livekit-server-sdk';

interface TokenEnv {
  DATABASE_URL: string;
  NEON_LOCAL_ENDPOINT: string;
  LIVEKIT_API_KEY: string;
  LIVEKIT_API_SECRET: string;
}

/**
 * The least that gives out a media token and knows its database: one mint, one round trip. `/` asks the database for
 * nothing; `/?organization=…&room=…` asks it for that room, as the tenant that row security lets see it.
 */
export default {
  async fetch(request: Request, env: TokenEnv): Promise<Response> {
    neonConfig.fetchEndpoint = `${env.NEON_LOCAL_ENDPOINT}/sql`;
    const sql = neon(env.DATABASE_URL);
    const { searchParams } = new URL(request.url);
    const [organization, room] = [searchParams.get('organization'), searchParams.get('room')];
    const token = new AccessToken(env.LIVEKIT_API_KEY, env.LIVEKIT_API_SECRET, { identity: 'bench' });
    token.addGrant({ room: 'bench', roomJoin: true });
    const statements =
      room === null
        ? [sql`select 1`]
        : [
            sql`select set_config('role', 'auralink_app', true), set_config('app.organization_id', ${organization}, true)`,
            sql`select * from rooms where id = ${room} and organization_id = ${organization}`,
          ];
    const [jwt, rows] = await Promise.all([token.toJwt(), sql.transaction(statements)]);
    return Response.json({ token: jwt, found: rows.at(-1)?.length });
  },
};
