// SPDX-License-Identifier: Apache-2.0
// Roles of many people from a CSV file, beside the other pages about people.
import { ImportFlow } from './import_flow';
import { peopleKind } from './import_kinds';
import { importLink } from './links';
import { PeopleLinks } from './page_people';
import { Title } from './parts';
import { t } from './strings';

export const PeopleImportPage = () => (
  <>
    <Title text={t.import.title} />
    <PeopleLinks shown={importLink} />
    <ImportFlow kind={peopleKind} />
  </>
);
