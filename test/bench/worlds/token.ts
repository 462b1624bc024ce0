import { neon, neonConfig } from '@neondatabase/serverless';
import { AccessToken } from 'livekit-server-sdk';

interface TokenEnv {
  DATABASE_URL: string;
  NEON_LOCAL_ENDPOINT: string;
  LIVEKIT_API_KEY: string;
  LIVEKIT_API_SECRET: string;
}

/** The least that gives out a media token and knows its database: one mint, one round trip. */
export default {
  async fetch(_request: Request, env: TokenEnv): Promise<Response> {
    neonConfig.fetchEndpoint = `${env.NEON_LOCAL_ENDPOINT}/sql`;
    const sql = neon(env.DATABASE_URL);
    const token = new AccessToken(env.LIVEKIT_API_KEY, env.LIVEKIT_API_SECRET, { identity: 'bench' });
    token.addGrant({ room: 'bench', roomJoin: true });
    const [jwt] = await Promise.all([token.toJwt(), sql.transaction([sql`select 1`])]);
    return Response.json({ token: jwt });
  },
};
