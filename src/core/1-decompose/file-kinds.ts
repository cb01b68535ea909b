/** Phase 1.3 — what a path says about itself: test, documentation or configuration. */

export const TEST_PATH =
  /(^|\/)(tests?|__tests__|spec)\/|[._-](test|spec)\.[^/]+$|(^|\/)test_[^/]+\.py$|_test\.(go|py|rb)$/i;
/** A test by its own name, not only by the folder it lies in: fixtures and rigs are none. */
export const TEST_FILE =
  /[._-](test|spec)\.[^/]+$|(^|\/)test_[^/]+\.py$|_test\.(go|py|rb)$|(^|\/)[^/]+Tests?\.(java|cs|kt)$/;
export const DOCUMENTATION_PATH =
  /(^|\/)docs?\/|\.(md|mdx|rst|adoc)$|(^|\/)(?!requirements|constraints|cmakelists)[^/]*\.txt$/i;
export const DOCUMENT_FILE = /\.(md|mdx|rst|adoc)$/i;
export const CONFIGURATION_PATH =
  /(^|\/)(package\.json|tsconfig[^/]*\.json|package-lock\.json|Dockerfile|Makefile|(requirements|constraints)[^/]*\.txt|CMakeLists\.txt|\.git(ignore|attributes)|\.(editorconfig|dockerignore)|\.[^/]+rc(\.[a-z]+)?|\.env[^/]*)$|\.(ya?ml|toml|ini|cfg|conf|properties)$|(^|\/)\.(github|gitlab|circleci)\//i;
