// SPDX-License-Identifier: Apache-2.0
// The way to the other language, named in that language.
import { chooseLanguage, languageNames, type Language } from './language';
import { loadAnew } from './session';
import { t } from './strings';

const shown = t.locale.split('-')[0];
const others = (Object.keys(languageNames) as Language[]).filter((it) => it !== shown);

export const LanguageSwitch = () => (
  <div class="languages">
    {others.map((other) => (
      <button
        key={other}
        type="button"
        class="usa-button usa-button--unstyled"
        lang={other}
        onClick={() => {
          chooseLanguage(other);
          loadAnew();
        }}
      >
        {languageNames[other]}
      </button>
    ))}
  </div>
);
