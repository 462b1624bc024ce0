ALTER TABLE "compression_configs" ADD COLUMN "codec" text;--> statement-breakpoint
ALTER TABLE "compression_configs" ADD COLUMN "min_ssim" numeric(6, 5);--> statement-breakpoint
ALTER TABLE "compression_configs" ADD CONSTRAINT "compression_configs_codec_check" CHECK ("compression_configs"."codec" in ('av1', 'h264'));--> statement-breakpoint
ALTER TABLE "compression_configs" ADD CONSTRAINT "compression_configs_min_ssim_check" CHECK ("compression_configs"."min_ssim" between 0.8 and 0.995);
