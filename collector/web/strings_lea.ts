// SPDX-License-Identifier: Apache-2.0
// The words of the page of a district.
export const lea = {
  code: 'Code',
  zone: 'Time zone',
  sites: 'Schools',
  ready: 'Devices ready',
  ready_of: (ready: string, expected: string) => `${ready} of ${expected}`,
  part: 'Only the schools that you may see are counted.',
  contact: 'District coordinator',
  nobody: 'Nobody is named yet.',
  change: 'Change',
  change_contact_explain:
    'Whom schools call about the tests. This gives nobody an account. Leave everything empty where nobody ' +
    'is to be named.',
  contact_name: 'Name of the coordinator',
  contact_email: 'Their e-mail address',
  contact_phone: 'Their phone number',
  name: 'Name of the district',
  zone_hint:
    'As America/Los_Angeles. Days begin and end by it. Schools that have the district’s time zone get the ' +
    'new one too; a school with its own keeps it.',
  missing: { name: 'Say the district’s name.', zone: 'Say the district’s time zone.' },
  submit: 'Change the district',
  busy: 'One moment…',
  changed: 'The district was changed.',
  changed_since: 'Somebody changed the district meanwhile. What it is now is shown above; change it anew.',
  nothing: 'Nothing is different from what the district has.',
};
