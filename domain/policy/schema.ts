import { policyForm } from './fields.ts';
import type { Schema } from './forms.ts';
import { partnerForm } from './partner.ts';

const DRAFT = 'https://json-schema.org/draft/2020-12/schema';

/**
 * The JSON Schema (draft 2020-12) of a policy file, for editors and other tools; its defaults are those of most kinds.
 * It knows each field by itself: what it refuses is refused, and some of what it lets pass is, too.
 */
export const policySchema = (): Schema => ({
  $schema: DRAFT,
  title: 'Kept policy',
  description: 'The rules of one kind of promise, as a file of KEPT_POLICIES.',
  ...policyForm('other').schema,
});

/** The same of one partner of `partners.yaml`. */
export const partnerSchema = (): Schema => ({
  $schema: DRAFT,
  title: 'Kept partner',
  description: 'What a reseller or carrier is held to, as partners.yaml lists it.',
  ...partnerForm('').schema,
});
