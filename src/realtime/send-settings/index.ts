export { sendRecommendationSchema } from './send-settings.schemas.ts';
