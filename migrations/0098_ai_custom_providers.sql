ALTER TABLE "ai_provider_keys" ADD COLUMN "base_url" text;--> statement-breakpoint
ALTER TABLE "ai_provider_keys" ADD COLUMN "models" jsonb;--> statement-breakpoint
ALTER TABLE "ai_provider_keys" ADD COLUMN "takes_usage_option" boolean;--> statement-breakpoint
ALTER TABLE "ai_provider_keys" ADD CONSTRAINT "ai_provider_keys_custom_check" CHECK (num_nulls("ai_provider_keys"."base_url", "ai_provider_keys"."models", "ai_provider_keys"."takes_usage_option") = case when starts_with("ai_provider_keys"."provider", 'custom:') then 0 else 3 end);
