// SPDX-License-Identifier: Apache-2.0
// Loading files: which kinds there are for whoever is signed in, and the one that is chosen.
import { ImportFlow } from './import_flow';
import { inventoryKind, peopleKind, roomsKind, sitesKind } from './import_kinds';
import { isBegun } from './import_job';
import { importsLink, queryLink } from './links';
import { Title } from './parts';
import { may, type Action } from './session';
import { t } from './strings';

const s = t.imports;

/** In the order in which a new collector needs them. */
const kinds = {
  sites: { kind: sitesKind, flow: () => <ImportFlow kind={sitesKind} /> },
  inventory: { kind: inventoryKind, flow: () => <ImportFlow kind={inventoryKind} /> },
  rooms: { kind: roomsKind, flow: () => <ImportFlow kind={roomsKind} /> },
  people: { kind: peopleKind, flow: () => <ImportFlow kind={peopleKind} /> },
};
type Id = keyof typeof kinds;
const ids = Object.keys(kinds) as Id[];

/** Whoever may one of these has something to do here. */
export const importActions: Action[] = ids.map((id) => kinds[id].kind.action);

export function ImportsPage({ query }: { query: URLSearchParams }) {
  const offered = ids.filter((id) => may(kinds[id].kind.action));
  const asked = query.get('what') ?? '';
  const chosen = Object.hasOwn(kinds, asked)
    ? (asked as Id)
    : (offered.find(isBegun) ?? offered[0]);
  return (
    <>
      <Title text={s.title} />
      <p class="explain">{offered.length > 0 ? s.explain : s.refused}</p>
      <Whiches offered={offered} chosen={chosen} />
      {chosen && offered.includes(chosen) && (
        <section aria-labelledby="kind-title" key={chosen}>
          <h2 id="kind-title">{kinds[chosen].kind.title}</h2>
          {kinds[chosen].flow()}
        </section>
      )}
      {chosen && offered.length > 0 && !offered.includes(chosen) && (
        <p class="notice tone-not_ready">{s.refused_one(kinds[chosen].kind.what)}</p>
      )}
    </>
  );
}

const Whiches = ({ offered, chosen }: { offered: Id[]; chosen: Id | undefined }) =>
  offered.length > 0 ? (
    <nav class="whiches" aria-label={s.which}>
      <ul>
        {offered.map((id) => (
          <li key={id}>
            <a
              href={queryLink(importsLink, { what: id })}
              aria-current={id === chosen ? 'true' : undefined}
            >
              {kinds[id].kind.title}
            </a>
          </li>
        ))}
      </ul>
    </nav>
  ) : null;
