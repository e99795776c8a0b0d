/* SPDX-License-Identifier: Apache-2.0 */
/* The signature by which a device knows its own collector's requirements. */
#include <errno.h>
#include <sodium.h>

#include "collector/store/store_collector_key.h"
#include "collector/store/store_profile.h"
#include "tests/unit/collector/school.h"

static struct profile_text document(const char *id, unsigned number, char version[static HASH_SIZE])
{
	snprintf(version, HASH_SIZE, "%064x", number);
	return (struct profile_text){ id, version, "" };
}

static void sign(struct school *school, struct signatures *kept, const struct profile_text *text,
		 const char **ret_signature)
{
	must(school, act_profile_sign(school->store, kept, text, ret_signature, &school->err));
}

static void check_signed(struct school *school, const char *said, const char *signature)
{
	unsigned char public_key[crypto_sign_PUBLICKEYBYTES], bytes[crypto_sign_BYTES];
	const int variant = sodium_base64_VARIANT_URLSAFE_NO_PADDING;
	struct collector_key key;

	must(school, store_collector_key_get(school->store, &key, &school->err));
	assert_int_equal(sodium_base642bin(public_key, sizeof(public_key), key.public_key,
					   strlen(key.public_key), NULL, NULL, NULL, variant),
			 0);
	assert_int_equal(sodium_base642bin(bytes, sizeof(bytes), signature, strlen(signature), NULL,
					   NULL, NULL, variant),
			 0);
	assert_int_equal(crypto_sign_verify_detached(bytes, (const unsigned char *)said,
						     strlen(said), public_key),
			 0);
}

static void a_document_is_signed_by_its_id_and_version(void **state)
{
	struct school *school = *state;
	struct signatures kept = { 0 };
	char version[HASH_SIZE];
	struct profile_text text = document("p-2027", 0xabc, version);
	const char *signature;
	_cleanup_free_ char *said = xasprintf("testready profile p-2027 %s", version);

	assert_int_equal(act_profile_sign(school->store, &kept, &text, &signature, &school->err),
			 -ENOENT);
	assert_int_equal(act_collector_key_make(school->store, 1, &school->err), 1);
	sign(school, &kept, &text, &signature);
	check_signed(school, said, signature);
	/* What failed before the key was there was not kept as one. */
	assert_int_equal(kept.next, 1);
}

static void what_was_signed_is_not_signed_again_until_many_others_were(void **state)
{
	struct school *school = *state;
	struct signatures kept = { 0 };
	char version[HASH_SIZE];
	struct profile_text text;
	const char *first, *signature;

	assert_int_equal(act_collector_key_make(school->store, 1, &school->err), 1);
	for (unsigned i = 0; i < SIGNATURES_KEPT; i++) {
		text = document("p-2027", i, version);
		sign(school, &kept, &text, &signature);
	}
	text = document("p-2027", 0, version);
	sign(school, &kept, &text, &first);
	assert_int_equal(kept.next, SIGNATURES_KEPT);
	text = document("p-2027", SIGNATURES_KEPT, version);
	sign(school, &kept, &text, &signature);
	assert_int_equal(kept.next, SIGNATURES_KEPT + 1);
	/* It has the place of the oldest, which has to be signed again. */
	assert_ptr_equal(signature, first);
	text = document("p-2027", 1, version);
	sign(school, &kept, &text, &signature);
	assert_int_equal(kept.next, SIGNATURES_KEPT + 1);
	text = document("p-2027", 0, version);
	sign(school, &kept, &text, &signature);
	assert_int_equal(kept.next, SIGNATURES_KEPT + 2);
}

static void every_version_has_a_signature_of_its_own(void **state)
{
	struct school *school = *state;
	struct signatures kept = { 0 };

	assert_int_equal(act_collector_key_make(school->store, 1, &school->err), 1);
	/* Twice around, so that places are used again. */
	for (unsigned i = 0; i < 2 * SIGNATURES_KEPT + 1; i++) {
		char version[HASH_SIZE];
		struct profile_text text = document("p-2027", i, version);
		_cleanup_free_ char *said = xasprintf("testready profile p-2027 %s", version);
		const char *signature;

		sign(school, &kept, &text, &signature);
		check_signed(school, said, signature);
	}
}

#define IN_SCHOOL(test) cmocka_unit_test_setup_teardown(test, school_setup, school_teardown)

int main(void)
{
	const struct CMUnitTest tests[] = {
		IN_SCHOOL(a_document_is_signed_by_its_id_and_version),
		IN_SCHOOL(what_was_signed_is_not_signed_again_until_many_others_were),
		IN_SCHOOL(every_version_has_a_signature_of_its_own),
	};

	if (sodium_init() < 0)
		return 1;
	return cmocka_run_group_tests(tests, NULL, NULL);
}
