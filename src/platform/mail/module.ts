import { defineModule } from '../../kernel/modules/index.ts';
import { mailsSent } from './mail.events.ts';
import { sentMails } from './mail.meters.ts';

export const mailModule = defineModule({
  name: 'platform/mail',
  events: [mailsSent],
  meters: [sentMails],
});
