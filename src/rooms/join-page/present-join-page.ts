import type { Services } from '../../kernel/context/index.ts';
import type { Html, Reply } from '../../platform/http/index.ts';
import { presentPage } from '../../platform/pages/index.ts';

/** The features of the browser that a call needs. */
const FEATURES = ['camera', 'microphone', 'display-capture', 'autoplay', 'fullscreen'];

/** A page that may connect to the media clusters. */
export function presentJoinPage(
  services: Pick<Services, 'config' | 'ports'>,
  status: number,
  page: Html,
): Reply {
  const { clusters } = services.ports;
  const connect = clusters.names.map((name) => clusters.clientUrl(name));
  return presentPage(services, status, page, {
    connect,
    media: ['blob:', 'mediastream:'],
    features: FEATURES,
  });
}
