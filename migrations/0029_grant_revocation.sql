ALTER TABLE "entitlement_grants" ADD COLUMN "revoked_reason" text;
