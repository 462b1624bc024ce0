ALTER TABLE "invoice_reconciliations" ADD COLUMN "succeeded_at" timestamp (3) with time zone;
