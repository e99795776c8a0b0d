// SPDX-License-Identifier: Apache-2.0
// The way to the other language, named in that language.
import { chooseLanguage, languageNames, type Language } from './language';
import { keepForms } from './kept_forms';
import { loadAnew } from './session';
import { t } from './strings';

const shown = t.locale.split('-')[0];
const others = (Object.keys(languageNames) as Language[]).filter((it) => it !== shown);

/** @failed: why the identity provider signed nobody in, while that is shown. */
export const LanguageSwitch = ({ failed }: { failed: string }) => (
  <div class="languages">
    {others.map((other) => (
      <button
        key={other}
        type="button"
        class="usa-button usa-button--unstyled"
        lang={other}
        onClick={() => {
          chooseLanguage(other);
          keepForms(failed);
          loadAnew();
        }}
      >
        {languageNames[other]}
      </button>
    ))}
  </div>
);
