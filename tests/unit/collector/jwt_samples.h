/* SPDX-License-Identifier: Apache-2.0 */
#pragma once

/* Keys whose other halves are gone, and tokens that they signed. */

/* clang-format off */
#define SAMPLE_RSA_KEY \
	"{\"kty\":\"RSA\",\"n\":\"q59udOY2w4_bqKNwVk1uPjBkYv5e0v0B2BFaYntPAftGra3cCYL" \
	"7KWc1KrqqNoT87e4H9asqVsR7-p-_R4Li2PKCEn5K1PGcfsaZ2Hs6g5BY8SqQH7c_dizbeDG75oP" \
	"031D8Kq_CZRvCEr3LymAV7bpdJbwkdyUsnXQimglLBOmhzTtQr9f98qNrf7P7k3s1c2PQ68ClGDb" \
	"Rh9eAqIQ3Jja58Si7QtMf51JgwmgC3e526lQ1VJvYKQ4EZ9JHaZPJwwtsfIEOKX4qUrrpmARTos8" \
	"pGMh8i3DsZUF5iI11jRC_QFHW6lEPq2hLJo8CwhJK5JSuIa03KzgPer5gW-kXzw\",\"e\":\"AQ" \
	"AB\",\"kid\":\"first\",\"use\":\"sig\",\"alg\":\"RS256\"}"
#define SAMPLE_EC_KEY \
	"{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"LdAch_KsPUP064mKbxignOKAPhlTIvrOO7" \
	"U2zohMWzE\",\"y\":\"g_p5wp-0FDoy8HcImXtK2iEHeq9Vmf5h-x-HicbsH3U\",\"kid\":\"" \
	"curve\",\"use\":\"sig\",\"alg\":\"ES256\"}"
#define SAMPLE_WEAK_KEY \
	"{\"kty\":\"RSA\",\"n\":\"pf9dQiJhmOdt4mp1WkNq4PxnZRHozdWpsdbSmw-anZ83amf4t9y" \
	"O-jEdI791MVBfvhoWpgYT27hmGqsuad7jOcUxwrj6p-fRHocX91YoOUqRxPfPr2JFMvw7wRxulf8" \
	"PhT0BD874JcIKhAlZimmD1LAI1iaF_cy4qUeIP5QbdF8\",\"e\":\"AQAB\",\"kid\":\"weak" \
	"\",\"use\":\"sig\",\"alg\":\"RS256\"}"
#define SAMPLE_BY_RSA \
	"eyJhbGciOiAiUlMyNTYiLCAia2lkIjogImZpcnN0In0.eyJpc3MiOiAiaHR0cHM6Ly9sb2dpbi5l" \
	"eGFtcGxlLm9yZyIsICJzdWIiOiAidS0xIiwgImF1ZCI6ICJ0ZXN0cmVhZHkiLCAibm9uY2UiOiAi" \
	"biIsICJpYXQiOiAxODAwMjczNjAwLCAiZXhwIjogMTgwMDI3MzkwMH0.m2OEkc2q4Ar8IjeuFZHE" \
	"zLhqXd9aHnX1qB6om6Gl_2E8p2j5m-hgqpnMBpo-LtZFwUZsy9r0i_sIn4k2OQdwU9K_RbKD-Ydj" \
	"LFrVWnsRsrWiDVCASHhyVQRFaHnI_hFbFy9Mc6d2siSvKnvQJvrOywKoqrNKqqWUAh8dqMehmjxV" \
	"e6JlxhSw9xamusWeLGi1kwSjNP0TZpHiTVfzjKv5tgp70Kf4jba2QL6J4EDyGLggS8lQa3xKf9fl" \
	"oQMKjmWW1X8UH5eX19FeSifyGo717CXn07PZ2-uy9BOxm1D6PzDt5KbySuyd4e_LThpXKEU9gZZt" \
	"zPZJKtOvt4ng2zlYFw"
#define SAMPLE_BY_EC \
	"eyJhbGciOiAiRVMyNTYiLCAia2lkIjogImN1cnZlIn0.eyJpc3MiOiAiaHR0cHM6Ly9sb2dpbi5l" \
	"eGFtcGxlLm9yZyIsICJzdWIiOiAidS0xIiwgImF1ZCI6ICJ0ZXN0cmVhZHkiLCAibm9uY2UiOiAi" \
	"biIsICJpYXQiOiAxODAwMjczNjAwLCAiZXhwIjogMTgwMDI3MzkwMH0.Zzg6CEu4emC6f4n56vkG" \
	"piXRdb1GfR3eACfdvTq8PmGxXFsdyNw0ZhUm4P_0ueBnb2Ftm3eQnJ2zS08OA6DOtA"
#define SAMPLE_BY_RSA_WITHOUT_KID \
	"eyJhbGciOiAiUlMyNTYifQ.eyJpc3MiOiAiaHR0cHM6Ly9sb2dpbi5leGFtcGxlLm9yZyIsICJzd" \
	"WIiOiAidS0xIiwgImF1ZCI6ICJ0ZXN0cmVhZHkiLCAibm9uY2UiOiAibiIsICJpYXQiOiAxODAwM" \
	"jczNjAwLCAiZXhwIjogMTgwMDI3MzkwMH0.cx6vbTVm2kf1FVJ-q1IiyYg3218Rtzwl7BC61PGzk" \
	"1yxFnPNvEC9q1KHV6Ww4TIlKZOMWFNssAeNSp7vV59fBbG3eC7j4kKvuYipo5zYbNgyyYbsWRTUZ" \
	"koeFk7AyZlGGQKMmS83xo-ZdXSIwllRigrQKO8l1r6c5IsQucYRPoifQEQ_8DFNdKr7VbYQzQbGr" \
	"8whj_PA7nJogtyui8rVyD5yZmRqnhKkE3iX7i3kvZSs7OWOTtcnsx4k8VLc0Ho2kKU2pfTr04TLn" \
	"g-pjBd8SqXF7-SgkQtpeJ7U8S2RvAcpEL7t3tCU2nKow8xaaERTTPrxu1P3RuCs3MN1SxkkaQ"
#define SAMPLE_BY_ANOTHER \
	"eyJhbGciOiAiUlMyNTYiLCAia2lkIjogImZpcnN0In0.eyJpc3MiOiAiaHR0cHM6Ly9sb2dpbi5l" \
	"eGFtcGxlLm9yZyIsICJzdWIiOiAidS0xIiwgImF1ZCI6ICJ0ZXN0cmVhZHkiLCAibm9uY2UiOiAi" \
	"biIsICJpYXQiOiAxODAwMjczNjAwLCAiZXhwIjogMTgwMDI3MzkwMH0.oRcbsghslz0JWdEdQbLm" \
	"JgsFLc2A21dSgbR0DFvbfFPq8Kzvmu8LwqaSuvQDKlHOXevsL_L0tu4jOO0A5LkQ3UctypXX_2vM" \
	"2MUtv9LdN5bP0gllssP319lJ-2VqNJOc07bml9EvbCgcyZv2-hNmc3P4HbjzaF1DYg_4j1mKRYfq" \
	"oRj2B9Zm1B4SdMBym-rtPh7XwT4YNUthT_pOdMeGeYlAJw4iQ1owZvlldgpM-8GXsWvyT5XX2Ose" \
	"RcalmhXDgl_huw0YtOhlAHBfcXtnZS1awVnPxfovu2oZZyItB0Z1VKR62R9mfljDfFaD7c72Y5wM" \
	"sy64K1vIQN11Htmnng"
#define SAMPLE_BY_WEAK \
	"eyJhbGciOiAiUlMyNTYiLCAia2lkIjogIndlYWsifQ.eyJpc3MiOiAiaHR0cHM6Ly9sb2dpbi5le" \
	"GFtcGxlLm9yZyIsICJzdWIiOiAidS0xIiwgImF1ZCI6ICJ0ZXN0cmVhZHkiLCAibm9uY2UiOiAib" \
	"iIsICJpYXQiOiAxODAwMjczNjAwLCAiZXhwIjogMTgwMDI3MzkwMH0.RtamyJZzrSehIkAetRXTH" \
	"qAg3DBaytdh_-I0hEJagIUYNeGEyWemr33Z79zQPlCBFiq9X67Bshrofq1Y8lfWP8Z6Y-3hnIgt4" \
	"9kFQF2wqqPuL_ldofvcV3r8AlrtDAxoUwHeixP9cKaxUD3BlsFP1UJeKELY7hkhHz59EFGspQM"
#define SAMPLE_UNSIGNED \
	"eyJhbGciOiAibm9uZSIsICJraWQiOiAiZmlyc3QifQ.eyJpc3MiOiAiaHR0cHM6Ly9sb2dpbi5le" \
	"GFtcGxlLm9yZyIsICJzdWIiOiAidS0xIiwgImF1ZCI6ICJ0ZXN0cmVhZHkiLCAibm9uY2UiOiAib" \
	"iIsICJpYXQiOiAxODAwMjczNjAwLCAiZXhwIjogMTgwMDI3MzkwMH0."
#define SAMPLE_UNSIGNED_WITH_SIGNATURE \
	"eyJhbGciOiAibm9uZSIsICJraWQiOiAiZmlyc3QifQ.eyJpc3MiOiAiaHR0cHM6Ly9sb2dpbi5le" \
	"GFtcGxlLm9yZyIsICJzdWIiOiAidS0xIiwgImF1ZCI6ICJ0ZXN0cmVhZHkiLCAibm9uY2UiOiAib" \
	"iIsICJpYXQiOiAxODAwMjczNjAwLCAiZXhwIjogMTgwMDI3MzkwMH0.Fx7Es6kOXmWSSnJeUZ6rC" \
	"_h4huJCTNYkScxtP8pvnzuA9yd97TXuuEkA9uwbrXTrowuSlsvwV8HWl46nlg4UZ-0-9gYOZL4X_" \
	"6CnlcyvGJmu19VfWIYIMkcf439aQ0gOjPHSJwh--Lxl7xZPoYigo3toQs6uB8ec9N_k-9qLb_Dqo" \
	"AuiX5QKKh0M7KFa6IWhrCOyMFrUJ0R6yykqZHh4XvE7N5QU4TGEBqdMI0auLOal4GBe3wbqNddJh" \
	"aX7y0AcK-2pHsC2nh9bqgNVMNwOtGQXPa29XZQAv6c7IPy4dw7w5z3rjg3guIpvjBjo6X98XtWlg" \
	"P2J0VTCUGv2FyVDBw"
#define SAMPLE_BY_PUBLIC_KEY \
	"eyJhbGciOiAiSFMyNTYiLCAia2lkIjogImZpcnN0In0.eyJpc3MiOiAiaHR0cHM6Ly9sb2dpbi5l" \
	"eGFtcGxlLm9yZyIsICJzdWIiOiAidS0xIiwgImF1ZCI6ICJ0ZXN0cmVhZHkiLCAibm9uY2UiOiAi" \
	"biIsICJpYXQiOiAxODAwMjczNjAwLCAiZXhwIjogMTgwMDI3MzkwMH0.pklkKiw5dTxmmO5ba8D3" \
	"9SwC0PBviYuqZXAsmRfKj6Y"
#define SAMPLE_CRITICAL \
	"eyJhbGciOiAiUlMyNTYiLCAia2lkIjogImZpcnN0IiwgImNyaXQiOiBbImV4cCJdfQ.eyJpc3MiO" \
	"iAiaHR0cHM6Ly9sb2dpbi5leGFtcGxlLm9yZyIsICJzdWIiOiAidS0xIiwgImF1ZCI6ICJ0ZXN0c" \
	"mVhZHkiLCAibm9uY2UiOiAibiIsICJpYXQiOiAxODAwMjczNjAwLCAiZXhwIjogMTgwMDI3MzkwM" \
	"H0.Qor6RSSapPaxw-nPs8YFMjLgS-hUwtIsnSpz4iLf7xQA9q4sKQvdps_HttH-XE48bPKoX60U6" \
	"hQ7auu1F3MqS3yoK-6Jh1nyzxdIynF5jaBi3UybPAYMT3Y5YrzBXa6Jwly4BxU6Ahkx8oPV2aCh5" \
	"osgzIvYVY0SFBXWQiM0mgGeeP6nL--2rUeMAcvtCsSjumiJtkFWKAQFUsrVryFdHOBUpbeJ46JFD" \
	"nn9xdh3ZIeG6cginDrMPSRedYPaBkEVWGBM7mmgd0hBTDHswWuNS2RA0KaWIsyTV59M68V33SpD_" \
	"RSb029nmKI8QzKMqgj4gvIhIyLhGJ5xU0ARJEBXBw"
#define SAMPLE_RS512_NAMED \
	"eyJhbGciOiAiUlM1MTIiLCAia2lkIjogImZpcnN0In0.eyJpc3MiOiAiaHR0cHM6Ly9sb2dpbi5l" \
	"eGFtcGxlLm9yZyIsICJzdWIiOiAidS0xIiwgImF1ZCI6ICJ0ZXN0cmVhZHkiLCAibm9uY2UiOiAi" \
	"biIsICJpYXQiOiAxODAwMjczNjAwLCAiZXhwIjogMTgwMDI3MzkwMH0.WznvJDypTXwlqt7F7FoV" \
	"hawKMFg_ZYsHuUwaFjXJMHfIzYcG3BXDkCQwbkK0QpoKbi4wj7jzKB2UNzNb6D1_whwS_uP2WKqo" \
	"nrfAzY_YS2V4t3Rxu_gJM7SMOklG3EJ7DrAxyYmuS9fS-OlRIrf0TTo9P43D9rC-dq28EFYDXnm3" \
	"SptS-rpmlPFvGwOYypDrQQlr3hwuO-36LfD8CoQf2HiJnTFRM30q-5oajdSD3_9BzvG__rVOaPz1" \
	"Y-MQfbWU7VmWCG46LAW8qyMDnAwmL2f3v0iKgBpLaBRimLHXyhBTJ-bXwBmETTj1Z9gobbz3q0Ks" \
	"7fkuOQ2UjVjngy5_AA"
#define SAMPLE_ES256_NAMED_BY_RSA \
	"eyJhbGciOiAiRVMyNTYiLCAia2lkIjogImZpcnN0In0.eyJpc3MiOiAiaHR0cHM6Ly9sb2dpbi5l" \
	"eGFtcGxlLm9yZyIsICJzdWIiOiAidS0xIiwgImF1ZCI6ICJ0ZXN0cmVhZHkiLCAibm9uY2UiOiAi" \
	"biIsICJpYXQiOiAxODAwMjczNjAwLCAiZXhwIjogMTgwMDI3MzkwMH0.Qsa2IkG4pmobLNVlNtI2" \
	"L1MDOgGeZ1nQWTlR3GpArLN4BufBdslDkQnnh0k34VpEipKrb_GWeOpzkp1yeh7Moi3vcG_ci8ES" \
	"oteYMyBmPHnsKqvyQwClklQPxS5DZrCiw2xAESU_qGvkcxERXb25zYpRiBU7sYjkKjR6hfXlvJuC" \
	"2nbP9wbn6sj1_2fq5I4E9Y0TSQg3LonK86W8usVKyWP-ergWvIf3ASuF0jXTYsa2SqZIt9Bssb4-" \
	"jE109xKO6-SRXuCnQe2OJzFpUjQEUvz5jxZ9FYUiQx4zkqz8e4maA8k3csoDyNEreXg2fKn6FHxY" \
	"sqca4opljffDASZpKw"
#define SAMPLE_OTHER_KID \
	"eyJhbGciOiAiUlMyNTYiLCAia2lkIjogIm1pc3NpbmcifQ.eyJpc3MiOiAiaHR0cHM6Ly9sb2dpb" \
	"i5leGFtcGxlLm9yZyIsICJzdWIiOiAidS0xIiwgImF1ZCI6ICJ0ZXN0cmVhZHkiLCAibm9uY2UiO" \
	"iAibiIsICJpYXQiOiAxODAwMjczNjAwLCAiZXhwIjogMTgwMDI3MzkwMH0.FRzqEEv8IUN9s4gcg" \
	"ZRfkxCAu-oUbqok87nkfucXXF7-cX1us9tv2ryQSNwLeBmIlrFaM7jepCwNqMI4Iercng95Kj6MT" \
	"E6TTmhJvjiar9GdRrHBrFPUjPsTmgAofT2dW6HhNr091JVQU0CjVT3O1ws48aNCqqzRBfcHK3pL1" \
	"p1-4IyRgiGxJveB7qRoxSKBissNbKvERCtCx962gck_u-TzXtzsTL3rgkkCMwpqKcaT8YeMKe_U4" \
	"DWkQuAZ0hC65-K4Tz9CSh6RFCHaWdNTA63MQ9NOEf3EgAfe4emre9qyPGSz0r2G7VcK2X8iUC5dF" \
	"I5-JTK2tGxGsRSliS2FAQ"
#define SAMPLE_NUMBER_KID \
	"eyJhbGciOiAiUlMyNTYiLCAia2lkIjogN30.eyJpc3MiOiAiaHR0cHM6Ly9sb2dpbi5leGFtcGxl" \
	"Lm9yZyIsICJzdWIiOiAidS0xIiwgImF1ZCI6ICJ0ZXN0cmVhZHkiLCAibm9uY2UiOiAibiIsICJp" \
	"YXQiOiAxODAwMjczNjAwLCAiZXhwIjogMTgwMDI3MzkwMH0.cGDE-Y1sX6gO66mpeSiXgq3BeO7w" \
	"bg9g-vQuNyujZbAfMe8RbRYomsRmYmiHOooVz0Nui0JdKcsgIvIRgfXuk56miPYaBH3N4Xp5gq2j" \
	"CEZPjyK_VG_iSoWmZW-TrDD2OR8o13WrkKb7g8BhxyWEj-QZapivZy4C9BnfxcPuWmHYgInsQcw4" \
	"TFDmgyRVlx_kjCYvaodoeB1THX72VnXkscLKPbtdGFu7arsuV4zUrrNEWgKETyTTwzi_noDwWfAX" \
	"fq9RdDLrscdqgq_0PJBqRy35ahxSDJcJuEZTSLFMoSJbecm2lQs8KeCOW7VGtyTIZNKEOMmGKl_H" \
	"QYyvTBAyMQ"
#define SAMPLE_LIST_CLAIMED \
	"eyJhbGciOiAiUlMyNTYiLCAia2lkIjogImZpcnN0In0.WzFd.CmundJazBKR2zVyA-GLQQ6DbA0q" \
	"q6NBCVpQBzD2aoUK70s4SCcCLit_08irJfCAnEi7IgIGDQ5EUoAwrvi4ulJskaH3mwDyfiotsLeK" \
	"3D2sJyyT3woZjF1Rg-GmTUp9-2HbHj2cNPPmtS_3O3Jzn1veNIbRnCsyYb05Upjwn1WwlBH8jplC" \
	"GODwDglizTuXn0lopZlSDlHPNnqR0531ncNZmOECaFxMvHo2R-gWEq17HklCIpv5xUav_-txx0gu" \
	"bIzKacmjfTNx46XcSSTf1Sj8xrWpEFsGG-RKSTQ4Wei9IfGCpxkGeoKUEhBOcEMBWmLUDhwWQeU1" \
	"BvmQY-2WPTA"
#define SAMPLE_TWICE_CLAIMED \
	"eyJhbGciOiAiUlMyNTYiLCAia2lkIjogImZpcnN0In0.eyJzdWIiOiJhIiwic3ViIjoiYiJ9.Upi" \
	"dm_UGBDNqnh0o_0NHh58qcrDPVZqLZz9ERdIG4efFgSBSxn3RAA4lQ5N6bdVS46XXWojd9cmx15U" \
	"T2moD3YrV-CXKJp3tdaR7QxgC6KMotObxPaEgct5hAY-5x7wS51Oqfwsb_0_1P7z9JvUY82x16fY" \
	"QMUx4ZA94ZNeOb4H5LhgK-3BZ___v2HdriIbegYeA3Vik5FckIg_qd95RDCrue0Kf9x7Jr2fzfY0" \
	"1nmRLOd0fkcRbLFvC4OIoZ4HzXDY2xgqJcVQC2XtRbW9P-QCrlKgikIzwZg7-SlQ57XSn2FBX2Gh" \
	"jEdqR15Idnz6qBJyeiwqRoR98RSolhGLtCA"
/* clang-format on */
