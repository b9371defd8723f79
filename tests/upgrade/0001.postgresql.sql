-- left at 2026-11-25 03:26:25
SET statement_timeout = 0;
SET lock_timeout = 0;
SET idle_in_transaction_session_timeout = 0;
SET transaction_timeout = 0;
SET client_encoding = 'UTF8';
SET standard_conforming_strings = on;
SELECT pg_catalog.set_config('search_path', '', false);
SET check_function_bodies = false;
SET xmloption = content;
SET client_min_messages = warning;
SET row_security = off;
SET default_tablespace = '';
SET default_table_access_method = heap;
CREATE TABLE public.alembic_version (
    version_num character varying(32) NOT NULL
);
CREATE TABLE public.alert (
    key character varying(300) NOT NULL,
    incident_id bigint NOT NULL,
    group_key character varying(300) NOT NULL,
    firing boolean NOT NULL,
    times integer NOT NULL,
    first_at timestamp with time zone NOT NULL,
    last_at timestamp with time zone NOT NULL
);
CREATE TABLE public.attempt (
    id bigint NOT NULL,
    delivery_id bigint NOT NULL,
    route character varying(64) NOT NULL,
    kind character varying(10) NOT NULL,
    token character varying(40) NOT NULL,
    started_at timestamp with time zone NOT NULL,
    finished_at timestamp with time zone,
    outcome character varying(20),
    blame character varying(20),
    code character varying(64),
    provider_code character varying(64),
    detail text,
    decision text,
    lookup text,
    ref character varying(300),
    receipt_word character varying(20),
    receipt_at timestamp with time zone
);
CREATE SEQUENCE public.attempt_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.attempt_id_seq OWNED BY public.attempt.id;
CREATE TABLE public.broadcast (
    id bigint NOT NULL,
    uid character varying(32) NOT NULL,
    update_id bigint NOT NULL,
    incident_id bigint NOT NULL,
    audience character varying(64) NOT NULL,
    status character varying(20) NOT NULL,
    valid_until timestamp with time zone NOT NULL,
    created_at timestamp with time zone NOT NULL,
    planned_at timestamp with time zone,
    author character varying(200) NOT NULL,
    override text DEFAULT ''::text NOT NULL
);
CREATE SEQUENCE public.broadcast_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.broadcast_id_seq OWNED BY public.broadcast.id;
CREATE TABLE public.delivery (
    id bigint NOT NULL,
    broadcast_id bigint NOT NULL,
    update_id bigint NOT NULL,
    incident_id bigint NOT NULL,
    leg character varying(64) NOT NULL,
    subject character varying(80) NOT NULL,
    recipient_id bigint,
    name character varying(200) DEFAULT ''::character varying NOT NULL,
    locale character varying(10) NOT NULL,
    class_id bigint NOT NULL,
    to_sms character varying(320),
    to_chat character varying(320),
    to_social character varying(320),
    to_inapp character varying(320),
    to_push character varying(320),
    to_email character varying(320),
    status character varying(20) NOT NULL,
    "position" integer DEFAULT 0 NOT NULL,
    route character varying(64) DEFAULT ''::character varying NOT NULL,
    kind character varying(10) DEFAULT ''::character varying NOT NULL,
    tries integer DEFAULT 0 NOT NULL,
    lookups integer DEFAULT 0 NOT NULL,
    failovers integer DEFAULT 0 NOT NULL,
    on_route_since timestamp with time zone NOT NULL,
    next_attempt_at timestamp with time zone,
    deadline timestamp with time zone NOT NULL,
    attempt_id bigint,
    lease_owner character varying(64),
    lease_until timestamp with time zone,
    reason text DEFAULT ''::text NOT NULL,
    maybe_twice boolean DEFAULT false NOT NULL,
    created_at timestamp with time zone NOT NULL,
    first_attempt_at timestamp with time zone,
    accepted_at timestamp with time zone,
    updated_at timestamp with time zone NOT NULL
);
CREATE SEQUENCE public.delivery_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.delivery_id_seq OWNED BY public.delivery.id;
CREATE TABLE public.idempotency (
    scope character varying(100) NOT NULL,
    key character varying(200) NOT NULL,
    request_hash character varying(64) NOT NULL,
    status integer NOT NULL,
    response json NOT NULL,
    created_at timestamp with time zone NOT NULL
);
CREATE TABLE public.inbox (
    seq bigint NOT NULL,
    app_user character varying(320) NOT NULL,
    key character varying(200) NOT NULL,
    token character varying(40) NOT NULL,
    subject text NOT NULL,
    text text NOT NULL,
    created_at timestamp with time zone NOT NULL,
    useful_until timestamp with time zone NOT NULL,
    read_at timestamp with time zone
);
CREATE SEQUENCE public.inbox_seq_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.inbox_seq_seq OWNED BY public.inbox.seq;
CREATE TABLE public.incident (
    id bigint NOT NULL,
    title character varying(300) NOT NULL,
    playbook character varying(64) NOT NULL,
    state character varying(20) NOT NULL,
    severity character varying(20) NOT NULL,
    vendors json NOT NULL,
    audience character varying(64) NOT NULL,
    facts json NOT NULL,
    source character varying(200) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL,
    resolved_at timestamp with time zone,
    resolve_offered_at timestamp with time zone
);
CREATE SEQUENCE public.incident_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.incident_id_seq OWNED BY public.incident.id;
CREATE TABLE public.incident_update (
    id bigint NOT NULL,
    incident_id bigint NOT NULL,
    number integer NOT NULL,
    reason character varying(20) NOT NULL,
    state character varying(20) NOT NULL,
    facts json NOT NULL,
    author character varying(200) NOT NULL,
    created_at timestamp with time zone NOT NULL,
    next_update_at timestamp with time zone
);
CREATE SEQUENCE public.incident_update_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.incident_update_id_seq OWNED BY public.incident_update.id;
CREATE TABLE public.opt_out (
    kind character varying(10) NOT NULL,
    address character varying(320) NOT NULL,
    at timestamp with time zone NOT NULL,
    source character varying(200) NOT NULL
);
CREATE TABLE public.plan_class (
    id bigint NOT NULL,
    broadcast_id bigint NOT NULL,
    leg character varying(64) NOT NULL,
    people integer NOT NULL,
    chain json NOT NULL
);
CREATE SEQUENCE public.plan_class_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.plan_class_id_seq OWNED BY public.plan_class.id;
CREATE TABLE public.receipt (
    id bigint NOT NULL,
    received_at timestamp with time zone NOT NULL,
    route character varying(64) NOT NULL,
    token character varying(64) NOT NULL,
    ref character varying(300) NOT NULL,
    event character varying(300) NOT NULL,
    word character varying(20) NOT NULL,
    fault json,
    raw json NOT NULL,
    folded_at timestamp with time zone,
    attempt_id bigint,
    effect text
);
CREATE SEQUENCE public.receipt_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.receipt_id_seq OWNED BY public.receipt.id;
CREATE TABLE public.recipient (
    id bigint NOT NULL,
    ref character varying(200) NOT NULL,
    name character varying(200) DEFAULT ''::character varying NOT NULL,
    locale character varying(10) DEFAULT 'en'::character varying NOT NULL,
    to_sms character varying(320),
    to_chat character varying(320),
    to_social character varying(320),
    to_inapp character varying(320),
    to_push character varying(320),
    to_email character varying(320),
    reach integer DEFAULT 0 NOT NULL,
    created_at timestamp with time zone NOT NULL,
    updated_at timestamp with time zone NOT NULL
);
CREATE SEQUENCE public.recipient_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.recipient_id_seq OWNED BY public.recipient.id;
CREATE TABLE public.recipient_tag (
    tag character varying(64) NOT NULL,
    recipient_id bigint NOT NULL
);
CREATE TABLE public.route_state (
    route character varying(64) NOT NULL,
    paused_until timestamp with time zone,
    reason text DEFAULT ''::text NOT NULL,
    updated_at timestamp with time zone NOT NULL
);
CREATE TABLE public.words (
    id bigint NOT NULL,
    broadcast_id bigint NOT NULL,
    kind character varying(10) NOT NULL,
    locale character varying(10) NOT NULL,
    used_locale character varying(10) NOT NULL,
    template character varying(300) NOT NULL,
    subject text NOT NULL,
    text text NOT NULL,
    html text NOT NULL
);
CREATE SEQUENCE public.words_id_seq
    START WITH 1
    INCREMENT BY 1
    NO MINVALUE
    NO MAXVALUE
    CACHE 1;
ALTER SEQUENCE public.words_id_seq OWNED BY public.words.id;
ALTER TABLE ONLY public.attempt ALTER COLUMN id SET DEFAULT nextval('public.attempt_id_seq'::regclass);
ALTER TABLE ONLY public.broadcast ALTER COLUMN id SET DEFAULT nextval('public.broadcast_id_seq'::regclass);
ALTER TABLE ONLY public.delivery ALTER COLUMN id SET DEFAULT nextval('public.delivery_id_seq'::regclass);
ALTER TABLE ONLY public.inbox ALTER COLUMN seq SET DEFAULT nextval('public.inbox_seq_seq'::regclass);
ALTER TABLE ONLY public.incident ALTER COLUMN id SET DEFAULT nextval('public.incident_id_seq'::regclass);
ALTER TABLE ONLY public.incident_update ALTER COLUMN id SET DEFAULT nextval('public.incident_update_id_seq'::regclass);
ALTER TABLE ONLY public.plan_class ALTER COLUMN id SET DEFAULT nextval('public.plan_class_id_seq'::regclass);
ALTER TABLE ONLY public.receipt ALTER COLUMN id SET DEFAULT nextval('public.receipt_id_seq'::regclass);
ALTER TABLE ONLY public.recipient ALTER COLUMN id SET DEFAULT nextval('public.recipient_id_seq'::regclass);
ALTER TABLE ONLY public.words ALTER COLUMN id SET DEFAULT nextval('public.words_id_seq'::regclass);
INSERT INTO public.alembic_version VALUES
	('0001');
INSERT INTO public.attempt VALUES
	(21, 21, 'twilio-main', 'sms', 'vj1YWEgfQBo00LN3bPE9IXF1', '2026-11-25 03:26:23.599597+00', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
	(22, 22, 'twilio-main', 'sms', 'Gz6qk7aaQfSujFHhEeWh7qKd', '2026-11-25 03:26:23.599597+00', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
	(23, 23, 'twilio-main', 'sms', 'bkM3dTBchjpOrL-aSTkDaLLD', '2026-11-25 03:26:23.599597+00', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
	(24, 24, 'twilio-main', 'sms', 'dKvMBLjgGvF47NI8b76_XBev', '2026-11-25 03:26:23.599597+00', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
	(25, 25, 'twilio-main', 'sms', 'zEIHxLAQ6XiEomZCbo80vT-M', '2026-11-25 03:26:23.599597+00', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
	(26, 26, 'twilio-main', 'sms', 'D0U1lj1dhBTTUHR9v3G6VDFy', '2026-11-25 03:26:23.599597+00', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
	(27, 27, 'twilio-main', 'sms', 'VFwSkyt0KDjT0UnDy4UWA3tX', '2026-11-25 03:26:23.599597+00', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
	(28, 28, 'twilio-main', 'sms', 'Zz7u4STTD7XQe3sgRp54vy-z', '2026-11-25 03:26:23.599597+00', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
	(29, 29, 'twilio-main', 'sms', '0tNi3L1Wo6czEBFVjjSU61mX', '2026-11-25 03:26:23.599597+00', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
	(31, 31, 'twilio-main', 'sms', 'wwotuYvYx_fqkOmLjib7olMS', '2026-11-25 03:26:23.599597+00', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
	(32, 32, 'twilio-main', 'sms', 'G9PMZMNzNnob5FwJZiVUIR8J', '2026-11-25 03:26:23.599597+00', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
	(33, 33, 'twilio-main', 'sms', 'VUMl8TmggI58JGu_LxAp4k-g', '2026-11-25 03:26:23.599597+00', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
	(34, 34, 'twilio-main', 'sms', '4e6mhkVVttLrdFVQQi94dOdJ', '2026-11-25 03:26:23.599597+00', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
	(35, 35, 'twilio-main', 'sms', 'AUtV5mfe6HfxnyhuyAlIVVRI', '2026-11-25 03:26:23.599597+00', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
	(36, 36, 'twilio-main', 'sms', 'z5edmT1ibyjHM9A0P_6en_BO', '2026-11-25 03:26:23.599597+00', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
	(37, 37, 'twilio-main', 'sms', 'NFhtmkNdWCgtGa0YKO6qnBc2', '2026-11-25 03:26:23.599597+00', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
	(38, 38, 'twilio-main', 'sms', 'qCKUcB4phgEWXD3DTYJzOZCM', '2026-11-25 03:26:23.599597+00', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
	(39, 39, 'twilio-main', 'sms', 'SMhW8zBTMJAET7GOk1sCHCOM', '2026-11-25 03:26:23.599597+00', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
	(40, 40, 'twilio-main', 'sms', '4EgzDhpB-tlt1p9CBg8ZMS3c', '2026-11-25 03:26:23.599597+00', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
	(41, 41, 'twilio-main', 'sms', 'YMp0yzwUlahDsiaHotO1J8-3', '2026-11-25 03:26:23.599597+00', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
	(42, 42, 'twilio-main', 'sms', 'FR70ETrqfPvH8olO1FesBFVe', '2026-11-25 03:26:23.599597+00', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
	(43, 43, 'twilio-main', 'sms', 'SffF4OPAGGGuYxt9VkLzVF7R', '2026-11-25 03:26:23.599597+00', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
	(44, 44, 'twilio-main', 'sms', 'bHJDn5RomsmnYCRks4oC-pS_', '2026-11-25 03:26:23.599597+00', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
	(46, 46, 'twilio-main', 'sms', 'K1Ml-goubM1ml2y5eLYMhU0n', '2026-11-25 03:26:23.599597+00', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
	(47, 47, 'twilio-main', 'sms', 'iOiNYIlOcTlsayslZElb5n32', '2026-11-25 03:26:23.599597+00', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
	(48, 48, 'twilio-main', 'sms', 'CEKRzvA60bcTtZzuNgUTn79D', '2026-11-25 03:26:23.599597+00', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
	(49, 49, 'twilio-main', 'sms', 'darTIQLV60g3HIo-IOzGND9F', '2026-11-25 03:26:23.599597+00', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
	(50, 50, 'twilio-main', 'sms', 'yT9tY3XVOSy9z50g7eXh_z6F', '2026-11-25 03:26:23.599597+00', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
	(51, 51, 'twilio-main', 'sms', 'tVSg4TtIxMZfDeflpJ2PrYCR', '2026-11-25 03:26:23.599597+00', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
	(52, 52, 'twilio-main', 'sms', 'UKtYgG7uN5w9JBKeodbGsRJh', '2026-11-25 03:26:23.599597+00', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
	(53, 53, 'twilio-main', 'sms', 'nJFDI042uorYqLDsR97UaVKv', '2026-11-25 03:26:23.599597+00', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
	(54, 54, 'twilio-main', 'sms', 'YRmZXQ-pCpuR4Gj9Hay06i3W', '2026-11-25 03:26:23.599597+00', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
	(55, 55, 'twilio-main', 'sms', 'Mbgi6gxh-WIESRAS2urv6H9M', '2026-11-25 03:26:23.599597+00', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
	(56, 56, 'twilio-main', 'sms', 'exkpySrG0TmhmL19rNe7nOx-', '2026-11-25 03:26:23.599597+00', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
	(57, 57, 'twilio-main', 'sms', 'fYDBRX5gOUuTePEITt5dF-p8', '2026-11-25 03:26:23.599597+00', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
	(58, 58, 'twilio-main', 'sms', 'MKmtuYjlmOJJ75-reaYlxfud', '2026-11-25 03:26:23.599597+00', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
	(59, 59, 'twilio-main', 'sms', 'BTD9gJnaI8gU6SLbTK0ImVlX', '2026-11-25 03:26:23.599597+00', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
	(60, 60, 'twilio-main', 'sms', '2z6wdxHdmHt99k8pzczMXeCa', '2026-11-25 03:26:23.599597+00', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
	(61, 61, 'twilio-main', 'sms', 'BY1-x6OTP72yBWnArOJ425g4', '2026-11-25 03:26:23.599597+00', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
	(62, 62, 'twilio-main', 'sms', 'zEoiEAO8LcqknshSDJ7SvyYM', '2026-11-25 03:26:23.599597+00', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
	(63, 63, 'twilio-main', 'sms', '1L6NBUJQGB5GMs_V2GJFoEPg', '2026-11-25 03:26:23.599597+00', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
	(64, 64, 'twilio-main', 'sms', '6U1CxrealS70nP7wOG77cIz5', '2026-11-25 03:26:23.599597+00', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
	(66, 66, 'twilio-main', 'sms', 'fjobIhMXwSouegtgjs2o_bD_', '2026-11-25 03:26:23.599597+00', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
	(67, 67, 'twilio-main', 'sms', '-PyfROYzuVmrm6-lQf4jcIQ4', '2026-11-25 03:26:23.599597+00', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
	(68, 68, 'twilio-main', 'sms', '91J7mQixSpkd1RpogJVFMFgG', '2026-11-25 03:26:23.599597+00', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
	(69, 69, 'twilio-main', 'sms', 'MC6T9JepDT56-hPHFOTiRWju', '2026-11-25 03:26:23.599597+00', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
	(70, 70, 'twilio-main', 'sms', 'stbFr_2JOZYRRzOv6B-Cs2-W', '2026-11-25 03:26:23.599597+00', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
	(71, 71, 'twilio-main', 'sms', 'VSbMS61wfW4Y8ueVGQzWRZLg', '2026-11-25 03:26:23.599597+00', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
	(72, 72, 'twilio-main', 'sms', '8C5t37cm7n2HGqzFgnNlnTTy', '2026-11-25 03:26:23.599597+00', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
	(73, 73, 'twilio-main', 'sms', 'xEhCwdL0BlUkmx1v7z-Q8vo8', '2026-11-25 03:26:23.599597+00', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
	(74, 74, 'twilio-main', 'sms', '_Bna--33D33l6gKU4HT0SVX_', '2026-11-25 03:26:23.599597+00', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
	(75, 75, 'twilio-main', 'sms', 'XP9LTwpz3s7CMbPxLGMyZ0nm', '2026-11-25 03:26:23.599597+00', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
	(76, 76, 'twilio-main', 'sms', '1pJc5mza1E6pEFY-mN4FF0f7', '2026-11-25 03:26:23.599597+00', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
	(77, 77, 'twilio-main', 'sms', 'Bojc7Nybu1m8GNxPkOkaiOrP', '2026-11-25 03:26:23.599597+00', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
	(79, 79, 'twilio-main', 'sms', 'P2J03ZzehNJ0g9NIa7sZnqfh', '2026-11-25 03:26:23.599597+00', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
	(80, 80, 'twilio-main', 'sms', 'Qmk_UVmDrH4Hv0vc5SPkXB_c', '2026-11-25 03:26:23.599597+00', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
	(81, 81, 'twilio-main', 'sms', 'gpECqiOiI9R8VLEclISypmDN', '2026-11-25 03:26:23.599597+00', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
	(82, 82, 'twilio-main', 'sms', 'buWqr1Sv4etpK0xP0dnhwszd', '2026-11-25 03:26:23.599597+00', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
	(83, 83, 'twilio-main', 'sms', 'Fmhy5BVCeFkA6Uqy47GkBeYq', '2026-11-25 03:26:23.599597+00', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
	(84, 84, 'twilio-main', 'sms', 'pINZn20lj-LMSKlMK_MfCKJg', '2026-11-25 03:26:23.599597+00', NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL),
	(30, 30, 'twilio-main', 'sms', '8GAlOwukezkWwWsuiNlqLMbx', '2026-11-25 03:26:23.599597+00', '2026-11-25 03:26:23.722342+00', 'accepted', NULL, NULL, NULL, NULL, 'accepted by the provider', NULL, 'SM254ae101be3af48e7fbf0314f4f1375f', 'delivered', '2026-11-25 03:26:23.944236+00'),
	(3, 3, 'twilio-main', 'sms', 'np0TP-aqyKb85xjQXOQZjldf', '2026-11-25 03:26:23.070673+00', '2026-11-25 03:26:23.122891+00', 'accepted', NULL, NULL, NULL, NULL, 'accepted by the provider', NULL, 'SMff67a318cbd34fcd5b6bf4f4a2a3cb2e', 'delivered', '2026-11-25 03:26:23.330451+00'),
	(20, 20, 'twilio-main', 'sms', 'bNJyO2nVEjH9mpIMJj28SI-v', '2026-11-25 03:26:23.070673+00', '2026-11-25 03:26:23.122891+00', 'accepted', NULL, NULL, NULL, NULL, 'accepted by the provider', NULL, 'SMda00f064dfe6338d2b83ecbea822adc4', 'delivered', '2026-11-25 03:26:23.331089+00'),
	(5, 5, 'twilio-main', 'sms', 'pu7E2G3KYW1Xeq1xrZKC8Zpo', '2026-11-25 03:26:23.070673+00', '2026-11-25 03:26:23.122891+00', 'accepted', NULL, NULL, NULL, NULL, 'accepted by the provider', NULL, 'SM5857a17be3afed0db3b003af0ff783e7', 'delivered', '2026-11-25 03:26:23.331728+00'),
	(2, 2, 'twilio-main', 'sms', 'GRyognOQJdcy5iWm0cZ_ehXy', '2026-11-25 03:26:23.070673+00', '2026-11-25 03:26:23.122891+00', 'accepted', NULL, NULL, NULL, NULL, 'accepted by the provider', NULL, 'SMf99cafe5632346446f255aabf167f647', 'delivered', '2026-11-25 03:26:23.332054+00'),
	(19, 19, 'twilio-main', 'sms', '0UtUPB8I4oJbJBUgn422tGNg', '2026-11-25 03:26:23.070673+00', '2026-11-25 03:26:23.122891+00', 'accepted', NULL, NULL, NULL, NULL, 'accepted by the provider', NULL, 'SM7a2950773c7f0aaaf8bf084c84ac640a', 'delivered', '2026-11-25 03:26:23.332361+00'),
	(15, 15, 'twilio-main', 'sms', 'eVYsAcaGqgg5sfAdMOZw68Yl', '2026-11-25 03:26:23.070673+00', '2026-11-25 03:26:23.122891+00', 'accepted', NULL, NULL, NULL, NULL, 'accepted by the provider', NULL, 'SMf8bbae92e4fc7da7c3f8b7039ed4483d', 'delivered', '2026-11-25 03:26:23.332667+00'),
	(14, 14, 'twilio-main', 'sms', 'LjjPNoqBsvLkWUHBGuRMbNcw', '2026-11-25 03:26:23.070673+00', '2026-11-25 03:26:23.122891+00', 'accepted', NULL, NULL, NULL, NULL, 'accepted by the provider', NULL, 'SM784d52a06ba1ada1e1a5aa62cb3f56e4', 'delivered', '2026-11-25 03:26:23.333672+00'),
	(12, 12, 'twilio-main', 'sms', 'jl9_4iO4yH18252GE_Vsb8LY', '2026-11-25 03:26:23.070673+00', '2026-11-25 03:26:23.122891+00', 'accepted', NULL, NULL, NULL, NULL, 'accepted by the provider', NULL, 'SM9301bcbd0477f6a7759a2803e8199d9a', 'delivered', '2026-11-25 03:26:23.33412+00'),
	(11, 11, 'twilio-main', 'sms', 'RReo_ETde5gfTBzZ5UPXOGNA', '2026-11-25 03:26:23.070673+00', '2026-11-25 03:26:23.122891+00', 'accepted', NULL, NULL, NULL, NULL, 'accepted by the provider', NULL, 'SMe2d48b8d9224917feeb500b169d3e039', 'delivered', '2026-11-25 03:26:23.334569+00'),
	(4, 4, 'twilio-main', 'sms', 'UHiflPV0Quamz03ntCXm5qFX', '2026-11-25 03:26:23.070673+00', '2026-11-25 03:26:23.122891+00', 'accepted', NULL, NULL, NULL, NULL, 'accepted by the provider', NULL, 'SMac55c4ac4b65e2ef914fbba3d8f63ba4', 'delivered', '2026-11-25 03:26:23.334886+00'),
	(13, 13, 'twilio-main', 'sms', '7Z8_gk010jUHE1tDvIO_wZHs', '2026-11-25 03:26:23.070673+00', '2026-11-25 03:26:23.122891+00', 'accepted', NULL, NULL, NULL, NULL, 'accepted by the provider', NULL, 'SM13e0f0b1a81bc63d8d3065edcc25dc3b', 'delivered', '2026-11-25 03:26:23.336355+00'),
	(10, 10, 'twilio-main', 'sms', 'LE-F-8iCCmKEa9hBwI-XXLwb', '2026-11-25 03:26:23.070673+00', '2026-11-25 03:26:23.122891+00', 'accepted', NULL, NULL, NULL, NULL, 'accepted by the provider', NULL, 'SM7c36e921e7c1402bbb4917d1b4348080', 'delivered', '2026-11-25 03:26:23.336715+00'),
	(17, 17, 'twilio-main', 'sms', 'HE8AcTn6Zcz8u7J77czmBLyz', '2026-11-25 03:26:23.070673+00', '2026-11-25 03:26:23.122891+00', 'accepted', NULL, NULL, NULL, NULL, 'accepted by the provider', NULL, 'SMa384e0fe86cf3da514d28fbc71c96ad1', 'delivered', '2026-11-25 03:26:23.337034+00'),
	(8, 8, 'twilio-main', 'sms', '8WTppAnbcONM3xDJ7DUYPg6P', '2026-11-25 03:26:23.070673+00', '2026-11-25 03:26:23.122891+00', 'accepted', NULL, NULL, NULL, NULL, 'accepted by the provider', NULL, 'SMa8f94d868569ff85ff160b1535f379d1', 'delivered', '2026-11-25 03:26:23.337344+00'),
	(18, 18, 'twilio-main', 'sms', '2F6RlhlnrHrdNqfKx4G6RiPv', '2026-11-25 03:26:23.070673+00', '2026-11-25 03:26:23.122891+00', 'accepted', NULL, NULL, NULL, NULL, 'accepted by the provider', NULL, 'SMb56af92d9267a651077db939adf9f257', 'delivered', '2026-11-25 03:26:23.337677+00'),
	(1, 1, 'twilio-main', 'sms', 'YOoNgKy4XKCa33qcxfdg5Gwv', '2026-11-25 03:26:23.070673+00', '2026-11-25 03:26:23.122891+00', 'accepted', NULL, NULL, NULL, NULL, 'accepted by the provider', NULL, 'SM140b8ed16268fa214fb53425ba622f5f', 'delivered', '2026-11-25 03:26:23.339138+00'),
	(9, 9, 'twilio-main', 'sms', 'HF9COsSuuvEGgYMaL5JVVWRg', '2026-11-25 03:26:23.070673+00', '2026-11-25 03:26:23.122891+00', 'accepted', NULL, NULL, NULL, NULL, 'accepted by the provider', NULL, 'SMe1e5d8809903b6c25ed0ade2a1e5a881', 'delivered', '2026-11-25 03:26:23.339483+00'),
	(16, 16, 'twilio-main', 'sms', 'vyPWScPuSW0FL2i4eRTxNKeu', '2026-11-25 03:26:23.070673+00', '2026-11-25 03:26:23.122891+00', 'accepted', NULL, NULL, NULL, NULL, 'accepted by the provider', NULL, 'SM9773ae10a32e0448854890ae4d4afb92', 'delivered', '2026-11-25 03:26:23.3398+00'),
	(6, 6, 'twilio-main', 'sms', '-r6MHji889marq56IC1HhN2p', '2026-11-25 03:26:23.070673+00', '2026-11-25 03:26:23.122891+00', 'accepted', NULL, NULL, NULL, NULL, 'accepted by the provider', NULL, 'SMddfd9181599561124ab6b17876584347', 'delivered', '2026-11-25 03:26:23.340156+00'),
	(7, 7, 'twilio-main', 'sms', 'WaeJ1MJYPtSbDR8HIj18Be7W', '2026-11-25 03:26:23.070673+00', '2026-11-25 03:26:23.122891+00', 'accepted', NULL, NULL, NULL, NULL, 'accepted by the provider', NULL, 'SM6363b07469f4e4e49c4b5f8dc1d33f6e', 'delivered', '2026-11-25 03:26:23.340518+00'),
	(45, 45, 'twilio-main', 'sms', 'nweFpJmBkIk3_31qc98baQ5V', '2026-11-25 03:26:23.599597+00', '2026-11-25 03:26:23.722342+00', 'accepted', NULL, NULL, NULL, NULL, 'accepted by the provider', NULL, 'SM314f0fcd5f1305137f2851927317c8c9', 'delivered', '2026-11-25 03:26:23.787479+00'),
	(65, 65, 'twilio-main', 'sms', 'Qin8QZkjHfK3NIaRwg13MG3_', '2026-11-25 03:26:23.599597+00', '2026-11-25 03:26:23.830267+00', 'accepted', NULL, NULL, NULL, NULL, 'accepted by the provider', NULL, 'SM5116aaac308eca662bde2706860271c8', 'delivered', '2026-11-25 03:26:23.794533+00'),
	(78, 78, 'twilio-main', 'sms', 'cgzp202UBkfOwNRg6X8RryTe', '2026-11-25 03:26:23.599597+00', '2026-11-25 03:26:23.830267+00', 'accepted', NULL, NULL, NULL, NULL, 'accepted by the provider', NULL, 'SMa330c0e4d0f1f2ec79538b5ca5ec936d', 'delivered', '2026-11-25 03:26:23.910466+00');
INSERT INTO public.broadcast VALUES
	(1, '5e7edcac53cd44656e2052e0e0bec167', 1, 1, 'eu', 'planned', '2026-11-25 04:26:22.459886+00', '2026-11-25 03:26:22.52566+00', '2026-11-25 03:26:22.720663+00', 'admin', ''),
	(2, 'cfd8798157013ab04ebf683c2b6b2d5a', 2, 2, 'enterprise', 'planned', '2026-11-25 04:26:23.550327+00', '2026-11-25 03:26:23.559159+00', '2026-11-25 03:26:23.573596+00', 'admin', ''),
	(3, '0b138527efe5879adc72e83220e5cb48', 3, 3, 'eu', 'accepted', '2026-11-25 04:26:24.817336+00', '2026-11-25 03:26:24.825012+00', NULL, 'admin', '');
INSERT INTO public.delivery VALUES
	(8, 1, 1, 1, 'reach', 'r14', 14, 'Person 13', 'en', 1, '+14155550113', NULL, NULL, NULL, NULL, NULL, 'delivered', 0, 'twilio-main', 'sms', 1, 0, 0, '2026-11-25 03:26:23.070673+00', NULL, '2026-11-25 04:26:22.459886+00', 8, NULL, NULL, 'delivered, the provider says', false, '2026-11-25 03:26:22.746098+00', '2026-11-25 03:26:23.070673+00', '2026-11-25 03:26:23.122891+00', '2026-11-25 03:26:23.491347+00'),
	(1, 1, 1, 1, 'reach', 'r2', 2, 'Person 1', 'en', 1, '+14155550101', NULL, NULL, NULL, NULL, NULL, 'delivered', 0, 'twilio-main', 'sms', 1, 0, 0, '2026-11-25 03:26:23.070673+00', NULL, '2026-11-25 04:26:22.459886+00', 1, NULL, NULL, 'delivered, the provider says', false, '2026-11-25 03:26:22.746098+00', '2026-11-25 03:26:23.070673+00', '2026-11-25 03:26:23.122891+00', '2026-11-25 03:26:23.492721+00'),
	(9, 1, 1, 1, 'reach', 'r15', 15, 'Person 14', 'en', 1, '+14155550114', NULL, NULL, NULL, NULL, NULL, 'delivered', 0, 'twilio-main', 'sms', 1, 0, 0, '2026-11-25 03:26:23.070673+00', NULL, '2026-11-25 04:26:22.459886+00', 9, NULL, NULL, 'delivered, the provider says', false, '2026-11-25 03:26:22.746098+00', '2026-11-25 03:26:23.070673+00', '2026-11-25 03:26:23.122891+00', '2026-11-25 03:26:23.493397+00'),
	(6, 1, 1, 1, 'reach', 'r10', 10, 'Person 9', 'en', 1, '+14155550109', NULL, NULL, NULL, NULL, NULL, 'delivered', 0, 'twilio-main', 'sms', 1, 0, 0, '2026-11-25 03:26:23.070673+00', NULL, '2026-11-25 04:26:22.459886+00', 6, NULL, NULL, 'delivered, the provider says', false, '2026-11-25 03:26:22.746098+00', '2026-11-25 03:26:23.070673+00', '2026-11-25 03:26:23.122891+00', '2026-11-25 03:26:23.49489+00'),
	(7, 1, 1, 1, 'reach', 'r12', 12, 'Person 11', 'en', 1, '+14155550111', NULL, NULL, NULL, NULL, NULL, 'delivered', 0, 'twilio-main', 'sms', 1, 0, 0, '2026-11-25 03:26:23.070673+00', NULL, '2026-11-25 04:26:22.459886+00', 7, NULL, NULL, 'delivered, the provider says', false, '2026-11-25 03:26:22.746098+00', '2026-11-25 03:26:23.070673+00', '2026-11-25 03:26:23.122891+00', '2026-11-25 03:26:23.495572+00'),
	(3, 1, 1, 1, 'reach', 'r4', 4, 'Person 3', 'en', 1, '+14155550103', NULL, NULL, NULL, NULL, NULL, 'delivered', 0, 'twilio-main', 'sms', 1, 0, 0, '2026-11-25 03:26:23.070673+00', NULL, '2026-11-25 04:26:22.459886+00', 3, NULL, NULL, 'delivered, the provider says', false, '2026-11-25 03:26:22.746098+00', '2026-11-25 03:26:23.070673+00', '2026-11-25 03:26:23.122891+00', '2026-11-25 03:26:23.4815+00'),
	(5, 1, 1, 1, 'reach', 'r8', 8, 'Person 7', 'en', 1, '+14155550107', NULL, NULL, NULL, NULL, NULL, 'delivered', 0, 'twilio-main', 'sms', 1, 0, 0, '2026-11-25 03:26:23.070673+00', NULL, '2026-11-25 04:26:22.459886+00', 5, NULL, NULL, 'delivered, the provider says', false, '2026-11-25 03:26:22.746098+00', '2026-11-25 03:26:23.070673+00', '2026-11-25 03:26:23.122891+00', '2026-11-25 03:26:23.483629+00'),
	(2, 1, 1, 1, 'reach', 'r3', 3, 'Person 2', 'en', 1, '+14155550102', NULL, NULL, NULL, NULL, NULL, 'delivered', 0, 'twilio-main', 'sms', 1, 0, 0, '2026-11-25 03:26:23.070673+00', NULL, '2026-11-25 04:26:22.459886+00', 2, NULL, NULL, 'delivered, the provider says', false, '2026-11-25 03:26:22.746098+00', '2026-11-25 03:26:23.070673+00', '2026-11-25 03:26:23.122891+00', '2026-11-25 03:26:23.484305+00'),
	(12, 1, 1, 1, 'reach', 'r20', 20, 'Person 19', 'en', 1, '+14155550119', NULL, NULL, NULL, NULL, NULL, 'delivered', 0, 'twilio-main', 'sms', 1, 0, 0, '2026-11-25 03:26:23.070673+00', NULL, '2026-11-25 04:26:22.459886+00', 12, NULL, NULL, 'delivered, the provider says', false, '2026-11-25 03:26:22.746098+00', '2026-11-25 03:26:23.070673+00', '2026-11-25 03:26:23.122891+00', '2026-11-25 03:26:23.487181+00'),
	(11, 1, 1, 1, 'reach', 'r19', 19, 'Person 18', 'en', 1, '+14155550118', NULL, NULL, NULL, NULL, NULL, 'delivered', 0, 'twilio-main', 'sms', 1, 0, 0, '2026-11-25 03:26:23.070673+00', NULL, '2026-11-25 04:26:22.459886+00', 11, NULL, NULL, 'delivered, the provider says', false, '2026-11-25 03:26:22.746098+00', '2026-11-25 03:26:23.070673+00', '2026-11-25 03:26:23.122891+00', '2026-11-25 03:26:23.487864+00'),
	(4, 1, 1, 1, 'reach', 'r7', 7, 'Person 6', 'en', 1, '+14155550106', NULL, NULL, NULL, NULL, NULL, 'delivered', 0, 'twilio-main', 'sms', 1, 0, 0, '2026-11-25 03:26:23.070673+00', NULL, '2026-11-25 04:26:22.459886+00', 4, NULL, NULL, 'delivered, the provider says', false, '2026-11-25 03:26:22.746098+00', '2026-11-25 03:26:23.070673+00', '2026-11-25 03:26:23.122891+00', '2026-11-25 03:26:23.48853+00'),
	(10, 1, 1, 1, 'reach', 'r18', 18, 'Person 17', 'en', 1, '+14155550117', NULL, NULL, NULL, NULL, NULL, 'delivered', 0, 'twilio-main', 'sms', 1, 0, 0, '2026-11-25 03:26:23.070673+00', NULL, '2026-11-25 04:26:22.459886+00', 10, NULL, NULL, 'delivered, the provider says', false, '2026-11-25 03:26:22.746098+00', '2026-11-25 03:26:23.070673+00', '2026-11-25 03:26:23.122891+00', '2026-11-25 03:26:23.489936+00'),
	(20, 1, 1, 1, 'reach', 'r1', 1, 'Person 0', 'en', 4, '+14155550100', NULL, NULL, 'user-0', NULL, 'person-0@customer.example', 'delivered', 0, 'twilio-main', 'sms', 1, 0, 0, '2026-11-25 03:26:23.070673+00', NULL, '2026-11-25 04:26:22.459886+00', 20, NULL, NULL, 'delivered, the provider says', false, '2026-11-25 03:26:22.759736+00', '2026-11-25 03:26:23.070673+00', '2026-11-25 03:26:23.122891+00', '2026-11-25 03:26:23.482269+00'),
	(19, 1, 1, 1, 'reach', 'r16', 16, 'Person 15', 'en', 3, '+14155550115', NULL, NULL, NULL, NULL, 'person-15@customer.example', 'delivered', 0, 'twilio-main', 'sms', 1, 0, 0, '2026-11-25 03:26:23.070673+00', NULL, '2026-11-25 04:26:22.459886+00', 19, NULL, NULL, 'delivered, the provider says', false, '2026-11-25 03:26:22.757177+00', '2026-11-25 03:26:23.070673+00', '2026-11-25 03:26:23.122891+00', '2026-11-25 03:26:23.484982+00'),
	(15, 1, 1, 1, 'reach', 'r13', 13, 'Person 12', 'en', 2, '+14155550112', NULL, NULL, 'user-12', NULL, NULL, 'delivered', 0, 'twilio-main', 'sms', 1, 0, 0, '2026-11-25 03:26:23.070673+00', NULL, '2026-11-25 04:26:22.459886+00', 15, NULL, NULL, 'delivered, the provider says', false, '2026-11-25 03:26:22.754282+00', '2026-11-25 03:26:23.070673+00', '2026-11-25 03:26:23.122891+00', '2026-11-25 03:26:23.485798+00'),
	(14, 1, 1, 1, 'reach', 'r9', 9, 'Person 8', 'en', 2, '+14155550108', NULL, NULL, 'user-8', NULL, NULL, 'delivered', 0, 'twilio-main', 'sms', 1, 0, 0, '2026-11-25 03:26:23.070673+00', NULL, '2026-11-25 04:26:22.459886+00', 14, NULL, NULL, 'delivered, the provider says', false, '2026-11-25 03:26:22.754282+00', '2026-11-25 03:26:23.070673+00', '2026-11-25 03:26:23.122891+00', '2026-11-25 03:26:23.486508+00'),
	(13, 1, 1, 1, 'reach', 'r5', 5, 'Person 4', 'en', 2, '+14155550104', NULL, NULL, 'user-4', NULL, NULL, 'delivered', 0, 'twilio-main', 'sms', 1, 0, 0, '2026-11-25 03:26:23.070673+00', NULL, '2026-11-25 04:26:22.459886+00', 13, NULL, NULL, 'delivered, the provider says', false, '2026-11-25 03:26:22.754282+00', '2026-11-25 03:26:23.070673+00', '2026-11-25 03:26:23.122891+00', '2026-11-25 03:26:23.489196+00'),
	(17, 1, 1, 1, 'reach', 'r6', 6, 'Person 5', 'en', 3, '+14155550105', NULL, NULL, NULL, NULL, 'person-5@customer.example', 'delivered', 0, 'twilio-main', 'sms', 1, 0, 0, '2026-11-25 03:26:23.070673+00', NULL, '2026-11-25 04:26:22.459886+00', 17, NULL, NULL, 'delivered, the provider says', false, '2026-11-25 03:26:22.757177+00', '2026-11-25 03:26:23.070673+00', '2026-11-25 03:26:23.122891+00', '2026-11-25 03:26:23.490666+00'),
	(18, 1, 1, 1, 'reach', 'r11', 11, 'Person 10', 'en', 3, '+14155550110', NULL, NULL, NULL, NULL, 'person-10@customer.example', 'delivered', 0, 'twilio-main', 'sms', 1, 0, 0, '2026-11-25 03:26:23.070673+00', NULL, '2026-11-25 04:26:22.459886+00', 18, NULL, NULL, 'delivered, the provider says', false, '2026-11-25 03:26:22.757177+00', '2026-11-25 03:26:23.070673+00', '2026-11-25 03:26:23.122891+00', '2026-11-25 03:26:23.492022+00'),
	(16, 1, 1, 1, 'reach', 'r17', 17, 'Person 16', 'en', 2, '+14155550116', NULL, NULL, 'user-16', NULL, NULL, 'delivered', 0, 'twilio-main', 'sms', 1, 0, 0, '2026-11-25 03:26:23.070673+00', NULL, '2026-11-25 04:26:22.459886+00', 16, NULL, NULL, 'delivered, the provider says', false, '2026-11-25 03:26:22.754282+00', '2026-11-25 03:26:23.070673+00', '2026-11-25 03:26:23.122891+00', '2026-11-25 03:26:23.494138+00'),
	(21, 2, 2, 2, 'reach', 'r22', 22, 'Person 21', 'en', 5, '+14155550121', NULL, NULL, NULL, NULL, NULL, 'sending', 0, 'twilio-main', 'sms', 1, 0, 0, '2026-11-25 03:26:23.599597+00', '2026-11-25 03:26:23.582305+00', '2026-11-25 04:26:23.550327+00', 21, 'd1fdb805e5573985', '2026-11-25 03:26:38.599597+00', 'choice 1 of the playbook, depends on nothing that is down', false, '2026-11-25 03:26:23.582305+00', '2026-11-25 03:26:23.599597+00', NULL, '2026-11-25 03:26:23.599597+00'),
	(22, 2, 2, 2, 'reach', 'r23', 23, 'Person 22', 'en', 5, '+14155550122', NULL, NULL, NULL, NULL, NULL, 'sending', 0, 'twilio-main', 'sms', 1, 0, 0, '2026-11-25 03:26:23.599597+00', '2026-11-25 03:26:23.582305+00', '2026-11-25 04:26:23.550327+00', 22, 'd1fdb805e5573985', '2026-11-25 03:26:38.599597+00', 'choice 1 of the playbook, depends on nothing that is down', false, '2026-11-25 03:26:23.582305+00', '2026-11-25 03:26:23.599597+00', NULL, '2026-11-25 03:26:23.599597+00'),
	(23, 2, 2, 2, 'reach', 'r24', 24, 'Person 23', 'en', 5, '+14155550123', NULL, NULL, NULL, NULL, NULL, 'sending', 0, 'twilio-main', 'sms', 1, 0, 0, '2026-11-25 03:26:23.599597+00', '2026-11-25 03:26:23.582305+00', '2026-11-25 04:26:23.550327+00', 23, 'd1fdb805e5573985', '2026-11-25 03:26:38.599597+00', 'choice 1 of the playbook, depends on nothing that is down', false, '2026-11-25 03:26:23.582305+00', '2026-11-25 03:26:23.599597+00', NULL, '2026-11-25 03:26:23.599597+00'),
	(24, 2, 2, 2, 'reach', 'r27', 27, 'Person 26', 'en', 5, '+14155550126', NULL, NULL, NULL, NULL, NULL, 'sending', 0, 'twilio-main', 'sms', 1, 0, 0, '2026-11-25 03:26:23.599597+00', '2026-11-25 03:26:23.582305+00', '2026-11-25 04:26:23.550327+00', 24, 'd1fdb805e5573985', '2026-11-25 03:26:38.599597+00', 'choice 1 of the playbook, depends on nothing that is down', false, '2026-11-25 03:26:23.582305+00', '2026-11-25 03:26:23.599597+00', NULL, '2026-11-25 03:26:23.599597+00'),
	(85, 2, 2, 2, 'reach', 'r26', 26, 'Person 25', 'en', 7, '+14155550125', NULL, NULL, NULL, NULL, 'person-25@customer.example', 'pending', 0, 'twilio-main', 'sms', 0, 0, 0, '2026-11-25 03:26:23.588161+00', '2026-11-25 03:26:23.588161+00', '2026-11-25 04:26:23.550327+00', NULL, NULL, NULL, 'choice 1 of the playbook, depends on nothing that is down', false, '2026-11-25 03:26:23.588161+00', NULL, NULL, '2026-11-25 03:26:23.588161+00'),
	(86, 2, 2, 2, 'reach', 'r31', 31, 'Person 30', 'en', 7, '+14155550130', NULL, NULL, NULL, NULL, 'person-30@customer.example', 'pending', 0, 'twilio-main', 'sms', 0, 0, 0, '2026-11-25 03:26:23.588161+00', '2026-11-25 03:26:23.588161+00', '2026-11-25 04:26:23.550327+00', NULL, NULL, NULL, 'choice 1 of the playbook, depends on nothing that is down', false, '2026-11-25 03:26:23.588161+00', NULL, NULL, '2026-11-25 03:26:23.588161+00'),
	(87, 2, 2, 2, 'reach', 'r36', 36, 'Person 35', 'en', 7, '+14155550135', NULL, NULL, NULL, NULL, 'person-35@customer.example', 'pending', 0, 'twilio-main', 'sms', 0, 0, 0, '2026-11-25 03:26:23.588161+00', '2026-11-25 03:26:23.588161+00', '2026-11-25 04:26:23.550327+00', NULL, NULL, NULL, 'choice 1 of the playbook, depends on nothing that is down', false, '2026-11-25 03:26:23.588161+00', NULL, NULL, '2026-11-25 03:26:23.588161+00'),
	(88, 2, 2, 2, 'reach', 'r46', 46, 'Person 45', 'en', 7, '+14155550145', NULL, NULL, NULL, NULL, 'person-45@customer.example', 'pending', 0, 'twilio-main', 'sms', 0, 0, 0, '2026-11-25 03:26:23.588161+00', '2026-11-25 03:26:23.588161+00', '2026-11-25 04:26:23.550327+00', NULL, NULL, NULL, 'choice 1 of the playbook, depends on nothing that is down', false, '2026-11-25 03:26:23.588161+00', NULL, NULL, '2026-11-25 03:26:23.588161+00'),
	(89, 2, 2, 2, 'reach', 'r51', 51, 'Person 50', 'en', 7, '+14155550150', NULL, NULL, NULL, NULL, 'person-50@customer.example', 'pending', 0, 'twilio-main', 'sms', 0, 0, 0, '2026-11-25 03:26:23.588161+00', '2026-11-25 03:26:23.588161+00', '2026-11-25 04:26:23.550327+00', NULL, NULL, NULL, 'choice 1 of the playbook, depends on nothing that is down', false, '2026-11-25 03:26:23.588161+00', NULL, NULL, '2026-11-25 03:26:23.588161+00'),
	(90, 2, 2, 2, 'reach', 'r56', 56, 'Person 55', 'en', 7, '+14155550155', NULL, NULL, NULL, NULL, 'person-55@customer.example', 'pending', 0, 'twilio-main', 'sms', 0, 0, 0, '2026-11-25 03:26:23.588161+00', '2026-11-25 03:26:23.588161+00', '2026-11-25 04:26:23.550327+00', NULL, NULL, NULL, 'choice 1 of the playbook, depends on nothing that is down', false, '2026-11-25 03:26:23.588161+00', NULL, NULL, '2026-11-25 03:26:23.588161+00'),
	(91, 2, 2, 2, 'reach', 'r66', 66, 'Person 65', 'en', 7, '+14155550165', NULL, NULL, NULL, NULL, 'person-65@customer.example', 'pending', 0, 'twilio-main', 'sms', 0, 0, 0, '2026-11-25 03:26:23.588161+00', '2026-11-25 03:26:23.588161+00', '2026-11-25 04:26:23.550327+00', NULL, NULL, NULL, 'choice 1 of the playbook, depends on nothing that is down', false, '2026-11-25 03:26:23.588161+00', NULL, NULL, '2026-11-25 03:26:23.588161+00'),
	(92, 2, 2, 2, 'reach', 'r71', 71, 'Person 70', 'en', 7, '+14155550170', NULL, NULL, NULL, NULL, 'person-70@customer.example', 'pending', 0, 'twilio-main', 'sms', 0, 0, 0, '2026-11-25 03:26:23.588161+00', '2026-11-25 03:26:23.588161+00', '2026-11-25 04:26:23.550327+00', NULL, NULL, NULL, 'choice 1 of the playbook, depends on nothing that is down', false, '2026-11-25 03:26:23.588161+00', NULL, NULL, '2026-11-25 03:26:23.588161+00'),
	(93, 2, 2, 2, 'reach', 'r76', 76, 'Person 75', 'en', 7, '+14155550175', NULL, NULL, NULL, NULL, 'person-75@customer.example', 'pending', 0, 'twilio-main', 'sms', 0, 0, 0, '2026-11-25 03:26:23.588161+00', '2026-11-25 03:26:23.588161+00', '2026-11-25 04:26:23.550327+00', NULL, NULL, NULL, 'choice 1 of the playbook, depends on nothing that is down', false, '2026-11-25 03:26:23.588161+00', NULL, NULL, '2026-11-25 03:26:23.588161+00'),
	(94, 2, 2, 2, 'reach', 'r86', 86, 'Person 85', 'en', 7, '+14155550185', NULL, NULL, NULL, NULL, 'person-85@customer.example', 'pending', 0, 'twilio-main', 'sms', 0, 0, 0, '2026-11-25 03:26:23.588161+00', '2026-11-25 03:26:23.588161+00', '2026-11-25 04:26:23.550327+00', NULL, NULL, NULL, 'choice 1 of the playbook, depends on nothing that is down', false, '2026-11-25 03:26:23.588161+00', NULL, NULL, '2026-11-25 03:26:23.588161+00'),
	(95, 2, 2, 2, 'reach', 'r91', 91, 'Person 90', 'en', 7, '+14155550190', NULL, NULL, NULL, NULL, 'person-90@customer.example', 'pending', 0, 'twilio-main', 'sms', 0, 0, 0, '2026-11-25 03:26:23.588161+00', '2026-11-25 03:26:23.588161+00', '2026-11-25 04:26:23.550327+00', NULL, NULL, NULL, 'choice 1 of the playbook, depends on nothing that is down', false, '2026-11-25 03:26:23.588161+00', NULL, NULL, '2026-11-25 03:26:23.588161+00'),
	(96, 2, 2, 2, 'reach', 'r96', 96, 'Person 95', 'en', 7, '+14155550195', NULL, NULL, NULL, NULL, 'person-95@customer.example', 'pending', 0, 'twilio-main', 'sms', 0, 0, 0, '2026-11-25 03:26:23.588161+00', '2026-11-25 03:26:23.588161+00', '2026-11-25 04:26:23.550327+00', NULL, NULL, NULL, 'choice 1 of the playbook, depends on nothing that is down', false, '2026-11-25 03:26:23.588161+00', NULL, NULL, '2026-11-25 03:26:23.588161+00'),
	(97, 2, 2, 2, 'reach', 'r21', 21, 'Person 20', 'en', 8, '+14155550120', NULL, NULL, 'user-20', NULL, 'person-20@customer.example', 'pending', 0, 'twilio-main', 'sms', 0, 0, 0, '2026-11-25 03:26:23.591361+00', '2026-11-25 03:26:23.591361+00', '2026-11-25 04:26:23.550327+00', NULL, NULL, NULL, 'choice 1 of the playbook, depends on nothing that is down', false, '2026-11-25 03:26:23.591361+00', NULL, NULL, '2026-11-25 03:26:23.591361+00'),
	(98, 2, 2, 2, 'reach', 'r41', 41, 'Person 40', 'en', 8, '+14155550140', NULL, NULL, 'user-40', NULL, 'person-40@customer.example', 'pending', 0, 'twilio-main', 'sms', 0, 0, 0, '2026-11-25 03:26:23.591361+00', '2026-11-25 03:26:23.591361+00', '2026-11-25 04:26:23.550327+00', NULL, NULL, NULL, 'choice 1 of the playbook, depends on nothing that is down', false, '2026-11-25 03:26:23.591361+00', NULL, NULL, '2026-11-25 03:26:23.591361+00'),
	(99, 2, 2, 2, 'reach', 'r61', 61, 'Person 60', 'en', 8, '+14155550160', NULL, NULL, 'user-60', NULL, 'person-60@customer.example', 'pending', 0, 'twilio-main', 'sms', 0, 0, 0, '2026-11-25 03:26:23.591361+00', '2026-11-25 03:26:23.591361+00', '2026-11-25 04:26:23.550327+00', NULL, NULL, NULL, 'choice 1 of the playbook, depends on nothing that is down', false, '2026-11-25 03:26:23.591361+00', NULL, NULL, '2026-11-25 03:26:23.591361+00'),
	(100, 2, 2, 2, 'reach', 'r81', 81, 'Person 80', 'en', 8, '+14155550180', NULL, NULL, 'user-80', NULL, 'person-80@customer.example', 'pending', 0, 'twilio-main', 'sms', 0, 0, 0, '2026-11-25 03:26:23.591361+00', '2026-11-25 03:26:23.591361+00', '2026-11-25 04:26:23.550327+00', NULL, NULL, NULL, 'choice 1 of the playbook, depends on nothing that is down', false, '2026-11-25 03:26:23.591361+00', NULL, NULL, '2026-11-25 03:26:23.591361+00'),
	(25, 2, 2, 2, 'reach', 'r28', 28, 'Person 27', 'en', 5, '+14155550127', NULL, NULL, NULL, NULL, NULL, 'sending', 0, 'twilio-main', 'sms', 1, 0, 0, '2026-11-25 03:26:23.599597+00', '2026-11-25 03:26:23.582305+00', '2026-11-25 04:26:23.550327+00', 25, 'd1fdb805e5573985', '2026-11-25 03:26:38.599597+00', 'choice 1 of the playbook, depends on nothing that is down', false, '2026-11-25 03:26:23.582305+00', '2026-11-25 03:26:23.599597+00', NULL, '2026-11-25 03:26:23.599597+00'),
	(26, 2, 2, 2, 'reach', 'r30', 30, 'Person 29', 'en', 5, '+14155550129', NULL, NULL, NULL, NULL, NULL, 'sending', 0, 'twilio-main', 'sms', 1, 0, 0, '2026-11-25 03:26:23.599597+00', '2026-11-25 03:26:23.582305+00', '2026-11-25 04:26:23.550327+00', 26, 'd1fdb805e5573985', '2026-11-25 03:26:38.599597+00', 'choice 1 of the playbook, depends on nothing that is down', false, '2026-11-25 03:26:23.582305+00', '2026-11-25 03:26:23.599597+00', NULL, '2026-11-25 03:26:23.599597+00'),
	(27, 2, 2, 2, 'reach', 'r32', 32, 'Person 31', 'en', 5, '+14155550131', NULL, NULL, NULL, NULL, NULL, 'sending', 0, 'twilio-main', 'sms', 1, 0, 0, '2026-11-25 03:26:23.599597+00', '2026-11-25 03:26:23.582305+00', '2026-11-25 04:26:23.550327+00', 27, 'd1fdb805e5573985', '2026-11-25 03:26:38.599597+00', 'choice 1 of the playbook, depends on nothing that is down', false, '2026-11-25 03:26:23.582305+00', '2026-11-25 03:26:23.599597+00', NULL, '2026-11-25 03:26:23.599597+00'),
	(28, 2, 2, 2, 'reach', 'r34', 34, 'Person 33', 'en', 5, '+14155550133', NULL, NULL, NULL, NULL, NULL, 'sending', 0, 'twilio-main', 'sms', 1, 0, 0, '2026-11-25 03:26:23.599597+00', '2026-11-25 03:26:23.582305+00', '2026-11-25 04:26:23.550327+00', 28, 'd1fdb805e5573985', '2026-11-25 03:26:38.599597+00', 'choice 1 of the playbook, depends on nothing that is down', false, '2026-11-25 03:26:23.582305+00', '2026-11-25 03:26:23.599597+00', NULL, '2026-11-25 03:26:23.599597+00'),
	(29, 2, 2, 2, 'reach', 'r35', 35, 'Person 34', 'en', 5, '+14155550134', NULL, NULL, NULL, NULL, NULL, 'sending', 0, 'twilio-main', 'sms', 1, 0, 0, '2026-11-25 03:26:23.599597+00', '2026-11-25 03:26:23.582305+00', '2026-11-25 04:26:23.550327+00', 29, 'd1fdb805e5573985', '2026-11-25 03:26:38.599597+00', 'choice 1 of the playbook, depends on nothing that is down', false, '2026-11-25 03:26:23.582305+00', '2026-11-25 03:26:23.599597+00', NULL, '2026-11-25 03:26:23.599597+00'),
	(31, 2, 2, 2, 'reach', 'r39', 39, 'Person 38', 'en', 5, '+14155550138', NULL, NULL, NULL, NULL, NULL, 'sending', 0, 'twilio-main', 'sms', 1, 0, 0, '2026-11-25 03:26:23.599597+00', '2026-11-25 03:26:23.582305+00', '2026-11-25 04:26:23.550327+00', 31, 'd1fdb805e5573985', '2026-11-25 03:26:38.599597+00', 'choice 1 of the playbook, depends on nothing that is down', false, '2026-11-25 03:26:23.582305+00', '2026-11-25 03:26:23.599597+00', NULL, '2026-11-25 03:26:23.599597+00'),
	(32, 2, 2, 2, 'reach', 'r40', 40, 'Person 39', 'en', 5, '+14155550139', NULL, NULL, NULL, NULL, NULL, 'sending', 0, 'twilio-main', 'sms', 1, 0, 0, '2026-11-25 03:26:23.599597+00', '2026-11-25 03:26:23.582305+00', '2026-11-25 04:26:23.550327+00', 32, 'd1fdb805e5573985', '2026-11-25 03:26:38.599597+00', 'choice 1 of the playbook, depends on nothing that is down', false, '2026-11-25 03:26:23.582305+00', '2026-11-25 03:26:23.599597+00', NULL, '2026-11-25 03:26:23.599597+00'),
	(33, 2, 2, 2, 'reach', 'r42', 42, 'Person 41', 'en', 5, '+14155550141', NULL, NULL, NULL, NULL, NULL, 'sending', 0, 'twilio-main', 'sms', 1, 0, 0, '2026-11-25 03:26:23.599597+00', '2026-11-25 03:26:23.582305+00', '2026-11-25 04:26:23.550327+00', 33, 'd1fdb805e5573985', '2026-11-25 03:26:38.599597+00', 'choice 1 of the playbook, depends on nothing that is down', false, '2026-11-25 03:26:23.582305+00', '2026-11-25 03:26:23.599597+00', NULL, '2026-11-25 03:26:23.599597+00'),
	(34, 2, 2, 2, 'reach', 'r43', 43, 'Person 42', 'en', 5, '+14155550142', NULL, NULL, NULL, NULL, NULL, 'sending', 0, 'twilio-main', 'sms', 1, 0, 0, '2026-11-25 03:26:23.599597+00', '2026-11-25 03:26:23.582305+00', '2026-11-25 04:26:23.550327+00', 34, 'd1fdb805e5573985', '2026-11-25 03:26:38.599597+00', 'choice 1 of the playbook, depends on nothing that is down', false, '2026-11-25 03:26:23.582305+00', '2026-11-25 03:26:23.599597+00', NULL, '2026-11-25 03:26:23.599597+00'),
	(35, 2, 2, 2, 'reach', 'r44', 44, 'Person 43', 'en', 5, '+14155550143', NULL, NULL, NULL, NULL, NULL, 'sending', 0, 'twilio-main', 'sms', 1, 0, 0, '2026-11-25 03:26:23.599597+00', '2026-11-25 03:26:23.582305+00', '2026-11-25 04:26:23.550327+00', 35, 'd1fdb805e5573985', '2026-11-25 03:26:38.599597+00', 'choice 1 of the playbook, depends on nothing that is down', false, '2026-11-25 03:26:23.582305+00', '2026-11-25 03:26:23.599597+00', NULL, '2026-11-25 03:26:23.599597+00'),
	(36, 2, 2, 2, 'reach', 'r47', 47, 'Person 46', 'en', 5, '+14155550146', NULL, NULL, NULL, NULL, NULL, 'sending', 0, 'twilio-main', 'sms', 1, 0, 0, '2026-11-25 03:26:23.599597+00', '2026-11-25 03:26:23.582305+00', '2026-11-25 04:26:23.550327+00', 36, 'd1fdb805e5573985', '2026-11-25 03:26:38.599597+00', 'choice 1 of the playbook, depends on nothing that is down', false, '2026-11-25 03:26:23.582305+00', '2026-11-25 03:26:23.599597+00', NULL, '2026-11-25 03:26:23.599597+00'),
	(37, 2, 2, 2, 'reach', 'r48', 48, 'Person 47', 'en', 5, '+14155550147', NULL, NULL, NULL, NULL, NULL, 'sending', 0, 'twilio-main', 'sms', 1, 0, 0, '2026-11-25 03:26:23.599597+00', '2026-11-25 03:26:23.582305+00', '2026-11-25 04:26:23.550327+00', 37, 'd1fdb805e5573985', '2026-11-25 03:26:38.599597+00', 'choice 1 of the playbook, depends on nothing that is down', false, '2026-11-25 03:26:23.582305+00', '2026-11-25 03:26:23.599597+00', NULL, '2026-11-25 03:26:23.599597+00'),
	(38, 2, 2, 2, 'reach', 'r50', 50, 'Person 49', 'en', 5, '+14155550149', NULL, NULL, NULL, NULL, NULL, 'sending', 0, 'twilio-main', 'sms', 1, 0, 0, '2026-11-25 03:26:23.599597+00', '2026-11-25 03:26:23.582305+00', '2026-11-25 04:26:23.550327+00', 38, 'd1fdb805e5573985', '2026-11-25 03:26:38.599597+00', 'choice 1 of the playbook, depends on nothing that is down', false, '2026-11-25 03:26:23.582305+00', '2026-11-25 03:26:23.599597+00', NULL, '2026-11-25 03:26:23.599597+00'),
	(39, 2, 2, 2, 'reach', 'r52', 52, 'Person 51', 'en', 5, '+14155550151', NULL, NULL, NULL, NULL, NULL, 'sending', 0, 'twilio-main', 'sms', 1, 0, 0, '2026-11-25 03:26:23.599597+00', '2026-11-25 03:26:23.582305+00', '2026-11-25 04:26:23.550327+00', 39, 'd1fdb805e5573985', '2026-11-25 03:26:38.599597+00', 'choice 1 of the playbook, depends on nothing that is down', false, '2026-11-25 03:26:23.582305+00', '2026-11-25 03:26:23.599597+00', NULL, '2026-11-25 03:26:23.599597+00'),
	(30, 2, 2, 2, 'reach', 'r38', 38, 'Person 37', 'en', 5, '+14155550137', NULL, NULL, NULL, NULL, NULL, 'delivered', 0, 'twilio-main', 'sms', 1, 0, 0, '2026-11-25 03:26:23.599597+00', NULL, '2026-11-25 04:26:23.550327+00', 30, NULL, NULL, 'delivered, the provider says', false, '2026-11-25 03:26:23.582305+00', '2026-11-25 03:26:23.599597+00', '2026-11-25 03:26:23.722342+00', '2026-11-25 03:26:24.053184+00'),
	(40, 2, 2, 2, 'reach', 'r54', 54, 'Person 53', 'en', 5, '+14155550153', NULL, NULL, NULL, NULL, NULL, 'sending', 0, 'twilio-main', 'sms', 1, 0, 0, '2026-11-25 03:26:23.599597+00', '2026-11-25 03:26:23.582305+00', '2026-11-25 04:26:23.550327+00', 40, 'd1fdb805e5573985', '2026-11-25 03:26:38.599597+00', 'choice 1 of the playbook, depends on nothing that is down', false, '2026-11-25 03:26:23.582305+00', '2026-11-25 03:26:23.599597+00', NULL, '2026-11-25 03:26:23.599597+00'),
	(41, 2, 2, 2, 'reach', 'r55', 55, 'Person 54', 'en', 5, '+14155550154', NULL, NULL, NULL, NULL, NULL, 'sending', 0, 'twilio-main', 'sms', 1, 0, 0, '2026-11-25 03:26:23.599597+00', '2026-11-25 03:26:23.582305+00', '2026-11-25 04:26:23.550327+00', 41, 'd1fdb805e5573985', '2026-11-25 03:26:38.599597+00', 'choice 1 of the playbook, depends on nothing that is down', false, '2026-11-25 03:26:23.582305+00', '2026-11-25 03:26:23.599597+00', NULL, '2026-11-25 03:26:23.599597+00'),
	(42, 2, 2, 2, 'reach', 'r58', 58, 'Person 57', 'en', 5, '+14155550157', NULL, NULL, NULL, NULL, NULL, 'sending', 0, 'twilio-main', 'sms', 1, 0, 0, '2026-11-25 03:26:23.599597+00', '2026-11-25 03:26:23.582305+00', '2026-11-25 04:26:23.550327+00', 42, 'd1fdb805e5573985', '2026-11-25 03:26:38.599597+00', 'choice 1 of the playbook, depends on nothing that is down', false, '2026-11-25 03:26:23.582305+00', '2026-11-25 03:26:23.599597+00', NULL, '2026-11-25 03:26:23.599597+00'),
	(43, 2, 2, 2, 'reach', 'r59', 59, 'Person 58', 'en', 5, '+14155550158', NULL, NULL, NULL, NULL, NULL, 'sending', 0, 'twilio-main', 'sms', 1, 0, 0, '2026-11-25 03:26:23.599597+00', '2026-11-25 03:26:23.582305+00', '2026-11-25 04:26:23.550327+00', 43, 'd1fdb805e5573985', '2026-11-25 03:26:38.599597+00', 'choice 1 of the playbook, depends on nothing that is down', false, '2026-11-25 03:26:23.582305+00', '2026-11-25 03:26:23.599597+00', NULL, '2026-11-25 03:26:23.599597+00'),
	(44, 2, 2, 2, 'reach', 'r60', 60, 'Person 59', 'en', 5, '+14155550159', NULL, NULL, NULL, NULL, NULL, 'sending', 0, 'twilio-main', 'sms', 1, 0, 0, '2026-11-25 03:26:23.599597+00', '2026-11-25 03:26:23.582305+00', '2026-11-25 04:26:23.550327+00', 44, 'd1fdb805e5573985', '2026-11-25 03:26:38.599597+00', 'choice 1 of the playbook, depends on nothing that is down', false, '2026-11-25 03:26:23.582305+00', '2026-11-25 03:26:23.599597+00', NULL, '2026-11-25 03:26:23.599597+00'),
	(46, 2, 2, 2, 'reach', 'r63', 63, 'Person 62', 'en', 5, '+14155550162', NULL, NULL, NULL, NULL, NULL, 'sending', 0, 'twilio-main', 'sms', 1, 0, 0, '2026-11-25 03:26:23.599597+00', '2026-11-25 03:26:23.582305+00', '2026-11-25 04:26:23.550327+00', 46, 'd1fdb805e5573985', '2026-11-25 03:26:38.599597+00', 'choice 1 of the playbook, depends on nothing that is down', false, '2026-11-25 03:26:23.582305+00', '2026-11-25 03:26:23.599597+00', NULL, '2026-11-25 03:26:23.599597+00'),
	(47, 2, 2, 2, 'reach', 'r64', 64, 'Person 63', 'en', 5, '+14155550163', NULL, NULL, NULL, NULL, NULL, 'sending', 0, 'twilio-main', 'sms', 1, 0, 0, '2026-11-25 03:26:23.599597+00', '2026-11-25 03:26:23.582305+00', '2026-11-25 04:26:23.550327+00', 47, 'd1fdb805e5573985', '2026-11-25 03:26:38.599597+00', 'choice 1 of the playbook, depends on nothing that is down', false, '2026-11-25 03:26:23.582305+00', '2026-11-25 03:26:23.599597+00', NULL, '2026-11-25 03:26:23.599597+00'),
	(48, 2, 2, 2, 'reach', 'r67', 67, 'Person 66', 'en', 5, '+14155550166', NULL, NULL, NULL, NULL, NULL, 'sending', 0, 'twilio-main', 'sms', 1, 0, 0, '2026-11-25 03:26:23.599597+00', '2026-11-25 03:26:23.582305+00', '2026-11-25 04:26:23.550327+00', 48, 'd1fdb805e5573985', '2026-11-25 03:26:38.599597+00', 'choice 1 of the playbook, depends on nothing that is down', false, '2026-11-25 03:26:23.582305+00', '2026-11-25 03:26:23.599597+00', NULL, '2026-11-25 03:26:23.599597+00'),
	(49, 2, 2, 2, 'reach', 'r68', 68, 'Person 67', 'en', 5, '+14155550167', NULL, NULL, NULL, NULL, NULL, 'sending', 0, 'twilio-main', 'sms', 1, 0, 0, '2026-11-25 03:26:23.599597+00', '2026-11-25 03:26:23.582305+00', '2026-11-25 04:26:23.550327+00', 49, 'd1fdb805e5573985', '2026-11-25 03:26:38.599597+00', 'choice 1 of the playbook, depends on nothing that is down', false, '2026-11-25 03:26:23.582305+00', '2026-11-25 03:26:23.599597+00', NULL, '2026-11-25 03:26:23.599597+00'),
	(50, 2, 2, 2, 'reach', 'r70', 70, 'Person 69', 'en', 5, '+14155550169', NULL, NULL, NULL, NULL, NULL, 'sending', 0, 'twilio-main', 'sms', 1, 0, 0, '2026-11-25 03:26:23.599597+00', '2026-11-25 03:26:23.582305+00', '2026-11-25 04:26:23.550327+00', 50, 'd1fdb805e5573985', '2026-11-25 03:26:38.599597+00', 'choice 1 of the playbook, depends on nothing that is down', false, '2026-11-25 03:26:23.582305+00', '2026-11-25 03:26:23.599597+00', NULL, '2026-11-25 03:26:23.599597+00'),
	(51, 2, 2, 2, 'reach', 'r72', 72, 'Person 71', 'en', 5, '+14155550171', NULL, NULL, NULL, NULL, NULL, 'sending', 0, 'twilio-main', 'sms', 1, 0, 0, '2026-11-25 03:26:23.599597+00', '2026-11-25 03:26:23.582305+00', '2026-11-25 04:26:23.550327+00', 51, 'd1fdb805e5573985', '2026-11-25 03:26:38.599597+00', 'choice 1 of the playbook, depends on nothing that is down', false, '2026-11-25 03:26:23.582305+00', '2026-11-25 03:26:23.599597+00', NULL, '2026-11-25 03:26:23.599597+00'),
	(52, 2, 2, 2, 'reach', 'r74', 74, 'Person 73', 'en', 5, '+14155550173', NULL, NULL, NULL, NULL, NULL, 'sending', 0, 'twilio-main', 'sms', 1, 0, 0, '2026-11-25 03:26:23.599597+00', '2026-11-25 03:26:23.582305+00', '2026-11-25 04:26:23.550327+00', 52, 'd1fdb805e5573985', '2026-11-25 03:26:38.599597+00', 'choice 1 of the playbook, depends on nothing that is down', false, '2026-11-25 03:26:23.582305+00', '2026-11-25 03:26:23.599597+00', NULL, '2026-11-25 03:26:23.599597+00'),
	(53, 2, 2, 2, 'reach', 'r75', 75, 'Person 74', 'en', 5, '+14155550174', NULL, NULL, NULL, NULL, NULL, 'sending', 0, 'twilio-main', 'sms', 1, 0, 0, '2026-11-25 03:26:23.599597+00', '2026-11-25 03:26:23.582305+00', '2026-11-25 04:26:23.550327+00', 53, 'd1fdb805e5573985', '2026-11-25 03:26:38.599597+00', 'choice 1 of the playbook, depends on nothing that is down', false, '2026-11-25 03:26:23.582305+00', '2026-11-25 03:26:23.599597+00', NULL, '2026-11-25 03:26:23.599597+00'),
	(54, 2, 2, 2, 'reach', 'r78', 78, 'Person 77', 'en', 5, '+14155550177', NULL, NULL, NULL, NULL, NULL, 'sending', 0, 'twilio-main', 'sms', 1, 0, 0, '2026-11-25 03:26:23.599597+00', '2026-11-25 03:26:23.582305+00', '2026-11-25 04:26:23.550327+00', 54, 'd1fdb805e5573985', '2026-11-25 03:26:38.599597+00', 'choice 1 of the playbook, depends on nothing that is down', false, '2026-11-25 03:26:23.582305+00', '2026-11-25 03:26:23.599597+00', NULL, '2026-11-25 03:26:23.599597+00'),
	(55, 2, 2, 2, 'reach', 'r79', 79, 'Person 78', 'en', 5, '+14155550178', NULL, NULL, NULL, NULL, NULL, 'sending', 0, 'twilio-main', 'sms', 1, 0, 0, '2026-11-25 03:26:23.599597+00', '2026-11-25 03:26:23.582305+00', '2026-11-25 04:26:23.550327+00', 55, 'd1fdb805e5573985', '2026-11-25 03:26:38.599597+00', 'choice 1 of the playbook, depends on nothing that is down', false, '2026-11-25 03:26:23.582305+00', '2026-11-25 03:26:23.599597+00', NULL, '2026-11-25 03:26:23.599597+00'),
	(56, 2, 2, 2, 'reach', 'r80', 80, 'Person 79', 'en', 5, '+14155550179', NULL, NULL, NULL, NULL, NULL, 'sending', 0, 'twilio-main', 'sms', 1, 0, 0, '2026-11-25 03:26:23.599597+00', '2026-11-25 03:26:23.582305+00', '2026-11-25 04:26:23.550327+00', 56, 'd1fdb805e5573985', '2026-11-25 03:26:38.599597+00', 'choice 1 of the playbook, depends on nothing that is down', false, '2026-11-25 03:26:23.582305+00', '2026-11-25 03:26:23.599597+00', NULL, '2026-11-25 03:26:23.599597+00'),
	(57, 2, 2, 2, 'reach', 'r82', 82, 'Person 81', 'en', 5, '+14155550181', NULL, NULL, NULL, NULL, NULL, 'sending', 0, 'twilio-main', 'sms', 1, 0, 0, '2026-11-25 03:26:23.599597+00', '2026-11-25 03:26:23.582305+00', '2026-11-25 04:26:23.550327+00', 57, 'd1fdb805e5573985', '2026-11-25 03:26:38.599597+00', 'choice 1 of the playbook, depends on nothing that is down', false, '2026-11-25 03:26:23.582305+00', '2026-11-25 03:26:23.599597+00', NULL, '2026-11-25 03:26:23.599597+00'),
	(58, 2, 2, 2, 'reach', 'r83', 83, 'Person 82', 'en', 5, '+14155550182', NULL, NULL, NULL, NULL, NULL, 'sending', 0, 'twilio-main', 'sms', 1, 0, 0, '2026-11-25 03:26:23.599597+00', '2026-11-25 03:26:23.582305+00', '2026-11-25 04:26:23.550327+00', 58, 'd1fdb805e5573985', '2026-11-25 03:26:38.599597+00', 'choice 1 of the playbook, depends on nothing that is down', false, '2026-11-25 03:26:23.582305+00', '2026-11-25 03:26:23.599597+00', NULL, '2026-11-25 03:26:23.599597+00'),
	(59, 2, 2, 2, 'reach', 'r84', 84, 'Person 83', 'en', 5, '+14155550183', NULL, NULL, NULL, NULL, NULL, 'sending', 0, 'twilio-main', 'sms', 1, 0, 0, '2026-11-25 03:26:23.599597+00', '2026-11-25 03:26:23.582305+00', '2026-11-25 04:26:23.550327+00', 59, 'd1fdb805e5573985', '2026-11-25 03:26:38.599597+00', 'choice 1 of the playbook, depends on nothing that is down', false, '2026-11-25 03:26:23.582305+00', '2026-11-25 03:26:23.599597+00', NULL, '2026-11-25 03:26:23.599597+00'),
	(60, 2, 2, 2, 'reach', 'r87', 87, 'Person 86', 'en', 5, '+14155550186', NULL, NULL, NULL, NULL, NULL, 'sending', 0, 'twilio-main', 'sms', 1, 0, 0, '2026-11-25 03:26:23.599597+00', '2026-11-25 03:26:23.582305+00', '2026-11-25 04:26:23.550327+00', 60, 'd1fdb805e5573985', '2026-11-25 03:26:38.599597+00', 'choice 1 of the playbook, depends on nothing that is down', false, '2026-11-25 03:26:23.582305+00', '2026-11-25 03:26:23.599597+00', NULL, '2026-11-25 03:26:23.599597+00'),
	(61, 2, 2, 2, 'reach', 'r88', 88, 'Person 87', 'en', 5, '+14155550187', NULL, NULL, NULL, NULL, NULL, 'sending', 0, 'twilio-main', 'sms', 1, 0, 0, '2026-11-25 03:26:23.599597+00', '2026-11-25 03:26:23.582305+00', '2026-11-25 04:26:23.550327+00', 61, 'd1fdb805e5573985', '2026-11-25 03:26:38.599597+00', 'choice 1 of the playbook, depends on nothing that is down', false, '2026-11-25 03:26:23.582305+00', '2026-11-25 03:26:23.599597+00', NULL, '2026-11-25 03:26:23.599597+00'),
	(62, 2, 2, 2, 'reach', 'r90', 90, 'Person 89', 'en', 5, '+14155550189', NULL, NULL, NULL, NULL, NULL, 'sending', 0, 'twilio-main', 'sms', 1, 0, 0, '2026-11-25 03:26:23.599597+00', '2026-11-25 03:26:23.582305+00', '2026-11-25 04:26:23.550327+00', 62, 'd1fdb805e5573985', '2026-11-25 03:26:38.599597+00', 'choice 1 of the playbook, depends on nothing that is down', false, '2026-11-25 03:26:23.582305+00', '2026-11-25 03:26:23.599597+00', NULL, '2026-11-25 03:26:23.599597+00'),
	(63, 2, 2, 2, 'reach', 'r92', 92, 'Person 91', 'en', 5, '+14155550191', NULL, NULL, NULL, NULL, NULL, 'sending', 0, 'twilio-main', 'sms', 1, 0, 0, '2026-11-25 03:26:23.599597+00', '2026-11-25 03:26:23.582305+00', '2026-11-25 04:26:23.550327+00', 63, 'd1fdb805e5573985', '2026-11-25 03:26:38.599597+00', 'choice 1 of the playbook, depends on nothing that is down', false, '2026-11-25 03:26:23.582305+00', '2026-11-25 03:26:23.599597+00', NULL, '2026-11-25 03:26:23.599597+00'),
	(64, 2, 2, 2, 'reach', 'r94', 94, 'Person 93', 'en', 5, '+14155550193', NULL, NULL, NULL, NULL, NULL, 'sending', 0, 'twilio-main', 'sms', 1, 0, 0, '2026-11-25 03:26:23.599597+00', '2026-11-25 03:26:23.582305+00', '2026-11-25 04:26:23.550327+00', 64, 'd1fdb805e5573985', '2026-11-25 03:26:38.599597+00', 'choice 1 of the playbook, depends on nothing that is down', false, '2026-11-25 03:26:23.582305+00', '2026-11-25 03:26:23.599597+00', NULL, '2026-11-25 03:26:23.599597+00'),
	(66, 2, 2, 2, 'reach', 'r98', 98, 'Person 97', 'en', 5, '+14155550197', NULL, NULL, NULL, NULL, NULL, 'sending', 0, 'twilio-main', 'sms', 1, 0, 0, '2026-11-25 03:26:23.599597+00', '2026-11-25 03:26:23.582305+00', '2026-11-25 04:26:23.550327+00', 66, 'd1fdb805e5573985', '2026-11-25 03:26:38.599597+00', 'choice 1 of the playbook, depends on nothing that is down', false, '2026-11-25 03:26:23.582305+00', '2026-11-25 03:26:23.599597+00', NULL, '2026-11-25 03:26:23.599597+00'),
	(67, 2, 2, 2, 'reach', 'r99', 99, 'Person 98', 'en', 5, '+14155550198', NULL, NULL, NULL, NULL, NULL, 'sending', 0, 'twilio-main', 'sms', 1, 0, 0, '2026-11-25 03:26:23.599597+00', '2026-11-25 03:26:23.582305+00', '2026-11-25 04:26:23.550327+00', 67, 'd1fdb805e5573985', '2026-11-25 03:26:38.599597+00', 'choice 1 of the playbook, depends on nothing that is down', false, '2026-11-25 03:26:23.582305+00', '2026-11-25 03:26:23.599597+00', NULL, '2026-11-25 03:26:23.599597+00'),
	(68, 2, 2, 2, 'reach', 'r100', 100, 'Person 99', 'en', 5, '+14155550199', NULL, NULL, NULL, NULL, NULL, 'sending', 0, 'twilio-main', 'sms', 1, 0, 0, '2026-11-25 03:26:23.599597+00', '2026-11-25 03:26:23.582305+00', '2026-11-25 04:26:23.550327+00', 68, 'd1fdb805e5573985', '2026-11-25 03:26:38.599597+00', 'choice 1 of the playbook, depends on nothing that is down', false, '2026-11-25 03:26:23.582305+00', '2026-11-25 03:26:23.599597+00', NULL, '2026-11-25 03:26:23.599597+00'),
	(69, 2, 2, 2, 'reach', 'r25', 25, 'Person 24', 'en', 6, '+14155550124', NULL, NULL, 'user-24', NULL, NULL, 'sending', 0, 'twilio-main', 'sms', 1, 0, 0, '2026-11-25 03:26:23.599597+00', '2026-11-25 03:26:23.585599+00', '2026-11-25 04:26:23.550327+00', 69, 'd1fdb805e5573985', '2026-11-25 03:26:38.599597+00', 'choice 1 of the playbook, depends on nothing that is down', false, '2026-11-25 03:26:23.585599+00', '2026-11-25 03:26:23.599597+00', NULL, '2026-11-25 03:26:23.599597+00'),
	(70, 2, 2, 2, 'reach', 'r29', 29, 'Person 28', 'en', 6, '+14155550128', NULL, NULL, 'user-28', NULL, NULL, 'sending', 0, 'twilio-main', 'sms', 1, 0, 0, '2026-11-25 03:26:23.599597+00', '2026-11-25 03:26:23.585599+00', '2026-11-25 04:26:23.550327+00', 70, 'd1fdb805e5573985', '2026-11-25 03:26:38.599597+00', 'choice 1 of the playbook, depends on nothing that is down', false, '2026-11-25 03:26:23.585599+00', '2026-11-25 03:26:23.599597+00', NULL, '2026-11-25 03:26:23.599597+00'),
	(71, 2, 2, 2, 'reach', 'r33', 33, 'Person 32', 'en', 6, '+14155550132', NULL, NULL, 'user-32', NULL, NULL, 'sending', 0, 'twilio-main', 'sms', 1, 0, 0, '2026-11-25 03:26:23.599597+00', '2026-11-25 03:26:23.585599+00', '2026-11-25 04:26:23.550327+00', 71, 'd1fdb805e5573985', '2026-11-25 03:26:38.599597+00', 'choice 1 of the playbook, depends on nothing that is down', false, '2026-11-25 03:26:23.585599+00', '2026-11-25 03:26:23.599597+00', NULL, '2026-11-25 03:26:23.599597+00'),
	(72, 2, 2, 2, 'reach', 'r37', 37, 'Person 36', 'en', 6, '+14155550136', NULL, NULL, 'user-36', NULL, NULL, 'sending', 0, 'twilio-main', 'sms', 1, 0, 0, '2026-11-25 03:26:23.599597+00', '2026-11-25 03:26:23.585599+00', '2026-11-25 04:26:23.550327+00', 72, 'd1fdb805e5573985', '2026-11-25 03:26:38.599597+00', 'choice 1 of the playbook, depends on nothing that is down', false, '2026-11-25 03:26:23.585599+00', '2026-11-25 03:26:23.599597+00', NULL, '2026-11-25 03:26:23.599597+00'),
	(73, 2, 2, 2, 'reach', 'r45', 45, 'Person 44', 'en', 6, '+14155550144', NULL, NULL, 'user-44', NULL, NULL, 'sending', 0, 'twilio-main', 'sms', 1, 0, 0, '2026-11-25 03:26:23.599597+00', '2026-11-25 03:26:23.585599+00', '2026-11-25 04:26:23.550327+00', 73, 'd1fdb805e5573985', '2026-11-25 03:26:38.599597+00', 'choice 1 of the playbook, depends on nothing that is down', false, '2026-11-25 03:26:23.585599+00', '2026-11-25 03:26:23.599597+00', NULL, '2026-11-25 03:26:23.599597+00'),
	(74, 2, 2, 2, 'reach', 'r49', 49, 'Person 48', 'en', 6, '+14155550148', NULL, NULL, 'user-48', NULL, NULL, 'sending', 0, 'twilio-main', 'sms', 1, 0, 0, '2026-11-25 03:26:23.599597+00', '2026-11-25 03:26:23.585599+00', '2026-11-25 04:26:23.550327+00', 74, 'd1fdb805e5573985', '2026-11-25 03:26:38.599597+00', 'choice 1 of the playbook, depends on nothing that is down', false, '2026-11-25 03:26:23.585599+00', '2026-11-25 03:26:23.599597+00', NULL, '2026-11-25 03:26:23.599597+00'),
	(75, 2, 2, 2, 'reach', 'r53', 53, 'Person 52', 'en', 6, '+14155550152', NULL, NULL, 'user-52', NULL, NULL, 'sending', 0, 'twilio-main', 'sms', 1, 0, 0, '2026-11-25 03:26:23.599597+00', '2026-11-25 03:26:23.585599+00', '2026-11-25 04:26:23.550327+00', 75, 'd1fdb805e5573985', '2026-11-25 03:26:38.599597+00', 'choice 1 of the playbook, depends on nothing that is down', false, '2026-11-25 03:26:23.585599+00', '2026-11-25 03:26:23.599597+00', NULL, '2026-11-25 03:26:23.599597+00'),
	(76, 2, 2, 2, 'reach', 'r57', 57, 'Person 56', 'en', 6, '+14155550156', NULL, NULL, 'user-56', NULL, NULL, 'sending', 0, 'twilio-main', 'sms', 1, 0, 0, '2026-11-25 03:26:23.599597+00', '2026-11-25 03:26:23.585599+00', '2026-11-25 04:26:23.550327+00', 76, 'd1fdb805e5573985', '2026-11-25 03:26:38.599597+00', 'choice 1 of the playbook, depends on nothing that is down', false, '2026-11-25 03:26:23.585599+00', '2026-11-25 03:26:23.599597+00', NULL, '2026-11-25 03:26:23.599597+00'),
	(77, 2, 2, 2, 'reach', 'r65', 65, 'Person 64', 'en', 6, '+14155550164', NULL, NULL, 'user-64', NULL, NULL, 'sending', 0, 'twilio-main', 'sms', 1, 0, 0, '2026-11-25 03:26:23.599597+00', '2026-11-25 03:26:23.585599+00', '2026-11-25 04:26:23.550327+00', 77, 'd1fdb805e5573985', '2026-11-25 03:26:38.599597+00', 'choice 1 of the playbook, depends on nothing that is down', false, '2026-11-25 03:26:23.585599+00', '2026-11-25 03:26:23.599597+00', NULL, '2026-11-25 03:26:23.599597+00'),
	(79, 2, 2, 2, 'reach', 'r73', 73, 'Person 72', 'en', 6, '+14155550172', NULL, NULL, 'user-72', NULL, NULL, 'sending', 0, 'twilio-main', 'sms', 1, 0, 0, '2026-11-25 03:26:23.599597+00', '2026-11-25 03:26:23.585599+00', '2026-11-25 04:26:23.550327+00', 79, 'd1fdb805e5573985', '2026-11-25 03:26:38.599597+00', 'choice 1 of the playbook, depends on nothing that is down', false, '2026-11-25 03:26:23.585599+00', '2026-11-25 03:26:23.599597+00', NULL, '2026-11-25 03:26:23.599597+00'),
	(80, 2, 2, 2, 'reach', 'r77', 77, 'Person 76', 'en', 6, '+14155550176', NULL, NULL, 'user-76', NULL, NULL, 'sending', 0, 'twilio-main', 'sms', 1, 0, 0, '2026-11-25 03:26:23.599597+00', '2026-11-25 03:26:23.585599+00', '2026-11-25 04:26:23.550327+00', 80, 'd1fdb805e5573985', '2026-11-25 03:26:38.599597+00', 'choice 1 of the playbook, depends on nothing that is down', false, '2026-11-25 03:26:23.585599+00', '2026-11-25 03:26:23.599597+00', NULL, '2026-11-25 03:26:23.599597+00'),
	(81, 2, 2, 2, 'reach', 'r85', 85, 'Person 84', 'en', 6, '+14155550184', NULL, NULL, 'user-84', NULL, NULL, 'sending', 0, 'twilio-main', 'sms', 1, 0, 0, '2026-11-25 03:26:23.599597+00', '2026-11-25 03:26:23.585599+00', '2026-11-25 04:26:23.550327+00', 81, 'd1fdb805e5573985', '2026-11-25 03:26:38.599597+00', 'choice 1 of the playbook, depends on nothing that is down', false, '2026-11-25 03:26:23.585599+00', '2026-11-25 03:26:23.599597+00', NULL, '2026-11-25 03:26:23.599597+00'),
	(82, 2, 2, 2, 'reach', 'r89', 89, 'Person 88', 'en', 6, '+14155550188', NULL, NULL, 'user-88', NULL, NULL, 'sending', 0, 'twilio-main', 'sms', 1, 0, 0, '2026-11-25 03:26:23.599597+00', '2026-11-25 03:26:23.585599+00', '2026-11-25 04:26:23.550327+00', 82, 'd1fdb805e5573985', '2026-11-25 03:26:38.599597+00', 'choice 1 of the playbook, depends on nothing that is down', false, '2026-11-25 03:26:23.585599+00', '2026-11-25 03:26:23.599597+00', NULL, '2026-11-25 03:26:23.599597+00'),
	(83, 2, 2, 2, 'reach', 'r93', 93, 'Person 92', 'en', 6, '+14155550192', NULL, NULL, 'user-92', NULL, NULL, 'sending', 0, 'twilio-main', 'sms', 1, 0, 0, '2026-11-25 03:26:23.599597+00', '2026-11-25 03:26:23.585599+00', '2026-11-25 04:26:23.550327+00', 83, 'd1fdb805e5573985', '2026-11-25 03:26:38.599597+00', 'choice 1 of the playbook, depends on nothing that is down', false, '2026-11-25 03:26:23.585599+00', '2026-11-25 03:26:23.599597+00', NULL, '2026-11-25 03:26:23.599597+00'),
	(84, 2, 2, 2, 'reach', 'r97', 97, 'Person 96', 'en', 6, '+14155550196', NULL, NULL, 'user-96', NULL, NULL, 'sending', 0, 'twilio-main', 'sms', 1, 0, 0, '2026-11-25 03:26:23.599597+00', '2026-11-25 03:26:23.585599+00', '2026-11-25 04:26:23.550327+00', 84, 'd1fdb805e5573985', '2026-11-25 03:26:38.599597+00', 'choice 1 of the playbook, depends on nothing that is down', false, '2026-11-25 03:26:23.585599+00', '2026-11-25 03:26:23.599597+00', NULL, '2026-11-25 03:26:23.599597+00'),
	(45, 2, 2, 2, 'reach', 'r62', 62, 'Person 61', 'en', 5, '+14155550161', NULL, NULL, NULL, NULL, NULL, 'delivered', 0, 'twilio-main', 'sms', 1, 0, 0, '2026-11-25 03:26:23.599597+00', NULL, '2026-11-25 04:26:23.550327+00', 45, NULL, NULL, 'delivered, the provider says', false, '2026-11-25 03:26:23.582305+00', '2026-11-25 03:26:23.599597+00', '2026-11-25 03:26:23.722342+00', '2026-11-25 03:26:23.889186+00'),
	(65, 2, 2, 2, 'reach', 'r95', 95, 'Person 94', 'en', 5, '+14155550194', NULL, NULL, NULL, NULL, NULL, 'delivered', 0, 'twilio-main', 'sms', 1, 0, 0, '2026-11-25 03:26:23.599597+00', NULL, '2026-11-25 04:26:23.550327+00', 65, NULL, NULL, 'delivered, the provider says', false, '2026-11-25 03:26:23.582305+00', '2026-11-25 03:26:23.599597+00', '2026-11-25 03:26:23.830267+00', '2026-11-25 03:26:23.89056+00'),
	(78, 2, 2, 2, 'reach', 'r69', 69, 'Person 68', 'en', 6, '+14155550168', NULL, NULL, 'user-68', NULL, NULL, 'delivered', 0, 'twilio-main', 'sms', 1, 0, 0, '2026-11-25 03:26:23.599597+00', NULL, '2026-11-25 04:26:23.550327+00', 78, NULL, NULL, 'delivered, the provider says', false, '2026-11-25 03:26:23.585599+00', '2026-11-25 03:26:23.599597+00', '2026-11-25 03:26:23.830267+00', '2026-11-25 03:26:24.051679+00');
INSERT INTO public.incident VALUES
	(1, 'For eu', 'generic', 'investigating', 'major', '[]', 'eu', '{"service":{"en":"our service","de":"unser Dienst"},"impact":{"en":"Parts of our service are slow or cannot be reached right now.","de":"Teile unseres Dienstes sind gerade langsam oder nicht erreichbar."},"workaround":{"en":"If something does not work, please wait and try again later.","de":"Wenn etwas nicht geht, warten Sie bitte und versuchen Sie es später noch einmal."},"news":{"en":"It is not fixed yet. We keep working on it.","de":"Es ist noch nicht behoben. Wir arbeiten weiter daran."},"resolution":{"en":"Everything works again.","de":"Alles funktioniert wieder."}}', 'admin', '2026-11-25 03:26:22.452148+00', '2026-11-25 03:26:22.518652+00', NULL, NULL),
	(2, 'For enterprise', 'generic', 'investigating', 'major', '[]', 'enterprise', '{"service":{"en":"our service","de":"unser Dienst"},"impact":{"en":"Parts of our service are slow or cannot be reached right now.","de":"Teile unseres Dienstes sind gerade langsam oder nicht erreichbar."},"workaround":{"en":"If something does not work, please wait and try again later.","de":"Wenn etwas nicht geht, warten Sie bitte und versuchen Sie es später noch einmal."},"news":{"en":"It is not fixed yet. We keep working on it.","de":"Es ist noch nicht behoben. Wir arbeiten weiter daran."},"resolution":{"en":"Everything works again.","de":"Alles funktioniert wieder."}}', 'admin', '2026-11-25 03:26:23.542378+00', '2026-11-25 03:26:23.555829+00', NULL, NULL),
	(3, 'For eu', 'generic', 'investigating', 'major', '[]', 'eu', '{"service":{"en":"our service","de":"unser Dienst"},"impact":{"en":"Parts of our service are slow or cannot be reached right now.","de":"Teile unseres Dienstes sind gerade langsam oder nicht erreichbar."},"workaround":{"en":"If something does not work, please wait and try again later.","de":"Wenn etwas nicht geht, warten Sie bitte und versuchen Sie es später noch einmal."},"news":{"en":"It is not fixed yet. We keep working on it.","de":"Es ist noch nicht behoben. Wir arbeiten weiter daran."},"resolution":{"en":"Everything works again.","de":"Alles funktioniert wieder."}}', 'admin', '2026-11-25 03:26:24.814124+00', '2026-11-25 03:26:24.822414+00', NULL, NULL);
INSERT INTO public.incident_update VALUES
	(1, 1, 1, 'opened', 'investigating', '{"service":{"en":"our service","de":"unser Dienst"},"impact":{"en":"Parts of our service are slow or cannot be reached right now.","de":"Teile unseres Dienstes sind gerade langsam oder nicht erreichbar."},"workaround":{"en":"If something does not work, please wait and try again later.","de":"Wenn etwas nicht geht, warten Sie bitte und versuchen Sie es später noch einmal."},"news":{"en":"It is not fixed yet. We keep working on it.","de":"Es ist noch nicht behoben. Wir arbeiten weiter daran."},"resolution":{"en":"Everything works again.","de":"Alles funktioniert wieder."}}', 'admin', '2026-11-25 03:26:22.518652+00', '2026-11-25 03:56:22.459886+00'),
	(2, 2, 1, 'opened', 'investigating', '{"service":{"en":"our service","de":"unser Dienst"},"impact":{"en":"Parts of our service are slow or cannot be reached right now.","de":"Teile unseres Dienstes sind gerade langsam oder nicht erreichbar."},"workaround":{"en":"If something does not work, please wait and try again later.","de":"Wenn etwas nicht geht, warten Sie bitte und versuchen Sie es später noch einmal."},"news":{"en":"It is not fixed yet. We keep working on it.","de":"Es ist noch nicht behoben. Wir arbeiten weiter daran."},"resolution":{"en":"Everything works again.","de":"Alles funktioniert wieder."}}', 'admin', '2026-11-25 03:26:23.555829+00', '2026-11-25 03:56:23.550327+00'),
	(3, 3, 1, 'opened', 'investigating', '{"service":{"en":"our service","de":"unser Dienst"},"impact":{"en":"Parts of our service are slow or cannot be reached right now.","de":"Teile unseres Dienstes sind gerade langsam oder nicht erreichbar."},"workaround":{"en":"If something does not work, please wait and try again later.","de":"Wenn etwas nicht geht, warten Sie bitte und versuchen Sie es später noch einmal."},"news":{"en":"It is not fixed yet. We keep working on it.","de":"Es ist noch nicht behoben. Wir arbeiten weiter daran."},"resolution":{"en":"Everything works again.","de":"Alles funktioniert wieder."}}', 'admin', '2026-11-25 03:26:24.822414+00', '2026-11-25 03:56:24.817336+00');
INSERT INTO public.plan_class VALUES
	(1, 1, 'reach', 12, '{"hops":[["twilio-main","sms","choice 1 of the playbook, depends on nothing that is down"]],"left_out":[["slack-main","chat","they have no address for chat"],["inapp","inapp","they have no address for inapp"],["smtp-main","email","they have no address for email"]]}'),
	(2, 1, 'reach', 4, '{"hops":[["twilio-main","sms","choice 1 of the playbook, depends on nothing that is down"],["inapp","inapp","choice 3 of the playbook, depends on nothing that is down"]],"left_out":[["slack-main","chat","they have no address for chat"],["smtp-main","email","they have no address for email"]]}'),
	(3, 1, 'reach', 3, '{"hops":[["twilio-main","sms","choice 1 of the playbook, depends on nothing that is down"],["smtp-main","email","choice 4 of the playbook, depends on nothing that is down"]],"left_out":[["slack-main","chat","they have no address for chat"],["inapp","inapp","they have no address for inapp"]]}'),
	(4, 1, 'reach', 1, '{"hops":[["twilio-main","sms","choice 1 of the playbook, depends on nothing that is down"],["inapp","inapp","choice 3 of the playbook, depends on nothing that is down"],["smtp-main","email","choice 4 of the playbook, depends on nothing that is down"]],"left_out":[["slack-main","chat","they have no address for chat"]]}'),
	(5, 2, 'reach', 48, '{"hops":[["twilio-main","sms","choice 1 of the playbook, depends on nothing that is down"]],"left_out":[["slack-main","chat","they have no address for chat"],["inapp","inapp","they have no address for inapp"],["smtp-main","email","they have no address for email"]]}'),
	(6, 2, 'reach', 16, '{"hops":[["twilio-main","sms","choice 1 of the playbook, depends on nothing that is down"],["inapp","inapp","choice 3 of the playbook, depends on nothing that is down"]],"left_out":[["slack-main","chat","they have no address for chat"],["smtp-main","email","they have no address for email"]]}'),
	(7, 2, 'reach', 12, '{"hops":[["twilio-main","sms","choice 1 of the playbook, depends on nothing that is down"],["smtp-main","email","choice 4 of the playbook, depends on nothing that is down"]],"left_out":[["slack-main","chat","they have no address for chat"],["inapp","inapp","they have no address for inapp"]]}'),
	(8, 2, 'reach', 4, '{"hops":[["twilio-main","sms","choice 1 of the playbook, depends on nothing that is down"],["inapp","inapp","choice 3 of the playbook, depends on nothing that is down"],["smtp-main","email","choice 4 of the playbook, depends on nothing that is down"]],"left_out":[["slack-main","chat","they have no address for chat"]]}');
INSERT INTO public.receipt VALUES
	(1, '2026-11-25 03:26:23.131973+00', 'twilio-main', 'HF9COsSuuvEGgYMaL5JVVWRg', 'SMe1e5d8809903b6c25ed0ade2a1e5a881', 'twilio-main:SMe1e5d8809903b6c25ed0ade2a1e5a881:queued:', 'queued', NULL, '{"SmsSid":"SMe1e5d8809903b6c25ed0ade2a1e5a881","SmsStatus":"queued","MessageStatus":"queued","To":"+…14","MessageSid":"SMe1e5d8809903b6c25ed0ade2a1e5a881","AccountSid":"ACe3cfdf3e3612fba2bd06c7a14909e1e1","From":"+…06","ApiVersion":"2010-04-01","MessagingServiceSid":"MG003034c1d7d7b63225c5182b2be5bcc1"}', '2026-11-25 03:26:23.446659+00', 9, 'queued: nothing new for the delivery'),
	(2, '2026-11-25 03:26:23.2362+00', 'twilio-main', '-r6MHji889marq56IC1HhN2p', 'SMddfd9181599561124ab6b17876584347', 'twilio-main:SMddfd9181599561124ab6b17876584347:queued:', 'queued', NULL, '{"SmsSid":"SMddfd9181599561124ab6b17876584347","SmsStatus":"queued","MessageStatus":"queued","To":"+…09","MessageSid":"SMddfd9181599561124ab6b17876584347","AccountSid":"ACe3cfdf3e3612fba2bd06c7a14909e1e1","From":"+…06","ApiVersion":"2010-04-01","MessagingServiceSid":"MG003034c1d7d7b63225c5182b2be5bcc1"}', '2026-11-25 03:26:23.449123+00', 6, 'queued: nothing new for the delivery'),
	(3, '2026-11-25 03:26:23.239211+00', 'twilio-main', 'np0TP-aqyKb85xjQXOQZjldf', 'SMff67a318cbd34fcd5b6bf4f4a2a3cb2e', 'twilio-main:SMff67a318cbd34fcd5b6bf4f4a2a3cb2e:queued:', 'queued', NULL, '{"SmsSid":"SMff67a318cbd34fcd5b6bf4f4a2a3cb2e","SmsStatus":"queued","MessageStatus":"queued","To":"+…03","MessageSid":"SMff67a318cbd34fcd5b6bf4f4a2a3cb2e","AccountSid":"ACe3cfdf3e3612fba2bd06c7a14909e1e1","From":"+…06","ApiVersion":"2010-04-01","MessagingServiceSid":"MG003034c1d7d7b63225c5182b2be5bcc1"}', '2026-11-25 03:26:23.450239+00', 3, 'queued: nothing new for the delivery'),
	(4, '2026-11-25 03:26:23.239671+00', 'twilio-main', '8WTppAnbcONM3xDJ7DUYPg6P', 'SMa8f94d868569ff85ff160b1535f379d1', 'twilio-main:SMa8f94d868569ff85ff160b1535f379d1:queued:', 'queued', NULL, '{"SmsSid":"SMa8f94d868569ff85ff160b1535f379d1","SmsStatus":"queued","MessageStatus":"queued","To":"+…13","MessageSid":"SMa8f94d868569ff85ff160b1535f379d1","AccountSid":"ACe3cfdf3e3612fba2bd06c7a14909e1e1","From":"+…06","ApiVersion":"2010-04-01","MessagingServiceSid":"MG003034c1d7d7b63225c5182b2be5bcc1"}', '2026-11-25 03:26:23.451279+00', 8, 'queued: nothing new for the delivery'),
	(5, '2026-11-25 03:26:23.240055+00', 'twilio-main', 'jl9_4iO4yH18252GE_Vsb8LY', 'SM9301bcbd0477f6a7759a2803e8199d9a', 'twilio-main:SM9301bcbd0477f6a7759a2803e8199d9a:queued:', 'queued', NULL, '{"SmsSid":"SM9301bcbd0477f6a7759a2803e8199d9a","SmsStatus":"queued","MessageStatus":"queued","To":"+…19","MessageSid":"SM9301bcbd0477f6a7759a2803e8199d9a","AccountSid":"ACe3cfdf3e3612fba2bd06c7a14909e1e1","From":"+…06","ApiVersion":"2010-04-01","MessagingServiceSid":"MG003034c1d7d7b63225c5182b2be5bcc1"}', '2026-11-25 03:26:23.452107+00', 12, 'queued: nothing new for the delivery'),
	(6, '2026-11-25 03:26:23.24033+00', 'twilio-main', 'pu7E2G3KYW1Xeq1xrZKC8Zpo', 'SM5857a17be3afed0db3b003af0ff783e7', 'twilio-main:SM5857a17be3afed0db3b003af0ff783e7:queued:', 'queued', NULL, '{"SmsSid":"SM5857a17be3afed0db3b003af0ff783e7","SmsStatus":"queued","MessageStatus":"queued","To":"+…07","MessageSid":"SM5857a17be3afed0db3b003af0ff783e7","AccountSid":"ACe3cfdf3e3612fba2bd06c7a14909e1e1","From":"+…06","ApiVersion":"2010-04-01","MessagingServiceSid":"MG003034c1d7d7b63225c5182b2be5bcc1"}', '2026-11-25 03:26:23.452931+00', 5, 'queued: nothing new for the delivery'),
	(7, '2026-11-25 03:26:23.240687+00', 'twilio-main', 'RReo_ETde5gfTBzZ5UPXOGNA', 'SMe2d48b8d9224917feeb500b169d3e039', 'twilio-main:SMe2d48b8d9224917feeb500b169d3e039:queued:', 'queued', NULL, '{"SmsSid":"SMe2d48b8d9224917feeb500b169d3e039","SmsStatus":"queued","MessageStatus":"queued","To":"+…18","MessageSid":"SMe2d48b8d9224917feeb500b169d3e039","AccountSid":"ACe3cfdf3e3612fba2bd06c7a14909e1e1","From":"+…06","ApiVersion":"2010-04-01","MessagingServiceSid":"MG003034c1d7d7b63225c5182b2be5bcc1"}', '2026-11-25 03:26:23.453931+00', 11, 'queued: nothing new for the delivery'),
	(8, '2026-11-25 03:26:23.240929+00', 'twilio-main', 'YOoNgKy4XKCa33qcxfdg5Gwv', 'SM140b8ed16268fa214fb53425ba622f5f', 'twilio-main:SM140b8ed16268fa214fb53425ba622f5f:queued:', 'queued', NULL, '{"SmsSid":"SM140b8ed16268fa214fb53425ba622f5f","SmsStatus":"queued","MessageStatus":"queued","To":"+…01","MessageSid":"SM140b8ed16268fa214fb53425ba622f5f","AccountSid":"ACe3cfdf3e3612fba2bd06c7a14909e1e1","From":"+…06","ApiVersion":"2010-04-01","MessagingServiceSid":"MG003034c1d7d7b63225c5182b2be5bcc1"}', '2026-11-25 03:26:23.455476+00', 1, 'queued: nothing new for the delivery'),
	(9, '2026-11-25 03:26:23.241158+00', 'twilio-main', 'LjjPNoqBsvLkWUHBGuRMbNcw', 'SM784d52a06ba1ada1e1a5aa62cb3f56e4', 'twilio-main:SM784d52a06ba1ada1e1a5aa62cb3f56e4:queued:', 'queued', NULL, '{"SmsSid":"SM784d52a06ba1ada1e1a5aa62cb3f56e4","SmsStatus":"queued","MessageStatus":"queued","To":"+…08","MessageSid":"SM784d52a06ba1ada1e1a5aa62cb3f56e4","AccountSid":"ACe3cfdf3e3612fba2bd06c7a14909e1e1","From":"+…06","ApiVersion":"2010-04-01","MessagingServiceSid":"MG003034c1d7d7b63225c5182b2be5bcc1"}', '2026-11-25 03:26:23.456508+00', 14, 'queued: nothing new for the delivery'),
	(10, '2026-11-25 03:26:23.241372+00', 'twilio-main', 'GRyognOQJdcy5iWm0cZ_ehXy', 'SMf99cafe5632346446f255aabf167f647', 'twilio-main:SMf99cafe5632346446f255aabf167f647:queued:', 'queued', NULL, '{"SmsSid":"SMf99cafe5632346446f255aabf167f647","SmsStatus":"queued","MessageStatus":"queued","To":"+…02","MessageSid":"SMf99cafe5632346446f255aabf167f647","AccountSid":"ACe3cfdf3e3612fba2bd06c7a14909e1e1","From":"+…06","ApiVersion":"2010-04-01","MessagingServiceSid":"MG003034c1d7d7b63225c5182b2be5bcc1"}', '2026-11-25 03:26:23.457362+00', 2, 'queued: nothing new for the delivery'),
	(11, '2026-11-25 03:26:23.241582+00', 'twilio-main', 'bNJyO2nVEjH9mpIMJj28SI-v', 'SMda00f064dfe6338d2b83ecbea822adc4', 'twilio-main:SMda00f064dfe6338d2b83ecbea822adc4:queued:', 'queued', NULL, '{"SmsSid":"SMda00f064dfe6338d2b83ecbea822adc4","SmsStatus":"queued","MessageStatus":"queued","To":"+…00","MessageSid":"SMda00f064dfe6338d2b83ecbea822adc4","AccountSid":"ACe3cfdf3e3612fba2bd06c7a14909e1e1","From":"+…06","ApiVersion":"2010-04-01","MessagingServiceSid":"MG003034c1d7d7b63225c5182b2be5bcc1"}', '2026-11-25 03:26:23.458256+00', 20, 'queued: nothing new for the delivery'),
	(12, '2026-11-25 03:26:23.241924+00', 'twilio-main', 'eVYsAcaGqgg5sfAdMOZw68Yl', 'SMf8bbae92e4fc7da7c3f8b7039ed4483d', 'twilio-main:SMf8bbae92e4fc7da7c3f8b7039ed4483d:queued:', 'queued', NULL, '{"SmsSid":"SMf8bbae92e4fc7da7c3f8b7039ed4483d","SmsStatus":"queued","MessageStatus":"queued","To":"+…12","MessageSid":"SMf8bbae92e4fc7da7c3f8b7039ed4483d","AccountSid":"ACe3cfdf3e3612fba2bd06c7a14909e1e1","From":"+…06","ApiVersion":"2010-04-01","MessagingServiceSid":"MG003034c1d7d7b63225c5182b2be5bcc1"}', '2026-11-25 03:26:23.459032+00', 15, 'queued: nothing new for the delivery'),
	(13, '2026-11-25 03:26:23.242134+00', 'twilio-main', '0UtUPB8I4oJbJBUgn422tGNg', 'SM7a2950773c7f0aaaf8bf084c84ac640a', 'twilio-main:SM7a2950773c7f0aaaf8bf084c84ac640a:queued:', 'queued', NULL, '{"SmsSid":"SM7a2950773c7f0aaaf8bf084c84ac640a","SmsStatus":"queued","MessageStatus":"queued","To":"+…15","MessageSid":"SM7a2950773c7f0aaaf8bf084c84ac640a","AccountSid":"ACe3cfdf3e3612fba2bd06c7a14909e1e1","From":"+…06","ApiVersion":"2010-04-01","MessagingServiceSid":"MG003034c1d7d7b63225c5182b2be5bcc1"}', '2026-11-25 03:26:23.45971+00', 19, 'queued: nothing new for the delivery'),
	(14, '2026-11-25 03:26:23.24234+00', 'twilio-main', 'UHiflPV0Quamz03ntCXm5qFX', 'SMac55c4ac4b65e2ef914fbba3d8f63ba4', 'twilio-main:SMac55c4ac4b65e2ef914fbba3d8f63ba4:queued:', 'queued', NULL, '{"SmsSid":"SMac55c4ac4b65e2ef914fbba3d8f63ba4","SmsStatus":"queued","MessageStatus":"queued","To":"+…06","MessageSid":"SMac55c4ac4b65e2ef914fbba3d8f63ba4","AccountSid":"ACe3cfdf3e3612fba2bd06c7a14909e1e1","From":"+…06","ApiVersion":"2010-04-01","MessagingServiceSid":"MG003034c1d7d7b63225c5182b2be5bcc1"}', '2026-11-25 03:26:23.460438+00', 4, 'queued: nothing new for the delivery'),
	(15, '2026-11-25 03:26:23.242558+00', 'twilio-main', 'WaeJ1MJYPtSbDR8HIj18Be7W', 'SM6363b07469f4e4e49c4b5f8dc1d33f6e', 'twilio-main:SM6363b07469f4e4e49c4b5f8dc1d33f6e:queued:', 'queued', NULL, '{"SmsSid":"SM6363b07469f4e4e49c4b5f8dc1d33f6e","SmsStatus":"queued","MessageStatus":"queued","To":"+…11","MessageSid":"SM6363b07469f4e4e49c4b5f8dc1d33f6e","AccountSid":"ACe3cfdf3e3612fba2bd06c7a14909e1e1","From":"+…06","ApiVersion":"2010-04-01","MessagingServiceSid":"MG003034c1d7d7b63225c5182b2be5bcc1"}', '2026-11-25 03:26:23.460955+00', 7, 'queued: nothing new for the delivery'),
	(16, '2026-11-25 03:26:23.242752+00', 'twilio-main', 'HE8AcTn6Zcz8u7J77czmBLyz', 'SMa384e0fe86cf3da514d28fbc71c96ad1', 'twilio-main:SMa384e0fe86cf3da514d28fbc71c96ad1:queued:', 'queued', NULL, '{"SmsSid":"SMa384e0fe86cf3da514d28fbc71c96ad1","SmsStatus":"queued","MessageStatus":"queued","To":"+…05","MessageSid":"SMa384e0fe86cf3da514d28fbc71c96ad1","AccountSid":"ACe3cfdf3e3612fba2bd06c7a14909e1e1","From":"+…06","ApiVersion":"2010-04-01","MessagingServiceSid":"MG003034c1d7d7b63225c5182b2be5bcc1"}', '2026-11-25 03:26:23.46141+00', 17, 'queued: nothing new for the delivery'),
	(17, '2026-11-25 03:26:23.242967+00', 'twilio-main', '2F6RlhlnrHrdNqfKx4G6RiPv', 'SMb56af92d9267a651077db939adf9f257', 'twilio-main:SMb56af92d9267a651077db939adf9f257:queued:', 'queued', NULL, '{"SmsSid":"SMb56af92d9267a651077db939adf9f257","SmsStatus":"queued","MessageStatus":"queued","To":"+…10","MessageSid":"SMb56af92d9267a651077db939adf9f257","AccountSid":"ACe3cfdf3e3612fba2bd06c7a14909e1e1","From":"+…06","ApiVersion":"2010-04-01","MessagingServiceSid":"MG003034c1d7d7b63225c5182b2be5bcc1"}', '2026-11-25 03:26:23.461917+00', 18, 'queued: nothing new for the delivery'),
	(18, '2026-11-25 03:26:23.243285+00', 'twilio-main', '7Z8_gk010jUHE1tDvIO_wZHs', 'SM13e0f0b1a81bc63d8d3065edcc25dc3b', 'twilio-main:SM13e0f0b1a81bc63d8d3065edcc25dc3b:queued:', 'queued', NULL, '{"SmsSid":"SM13e0f0b1a81bc63d8d3065edcc25dc3b","SmsStatus":"queued","MessageStatus":"queued","To":"+…04","MessageSid":"SM13e0f0b1a81bc63d8d3065edcc25dc3b","AccountSid":"ACe3cfdf3e3612fba2bd06c7a14909e1e1","From":"+…06","ApiVersion":"2010-04-01","MessagingServiceSid":"MG003034c1d7d7b63225c5182b2be5bcc1"}', '2026-11-25 03:26:23.462455+00', 13, 'queued: nothing new for the delivery'),
	(19, '2026-11-25 03:26:23.243513+00', 'twilio-main', 'LE-F-8iCCmKEa9hBwI-XXLwb', 'SM7c36e921e7c1402bbb4917d1b4348080', 'twilio-main:SM7c36e921e7c1402bbb4917d1b4348080:queued:', 'queued', NULL, '{"SmsSid":"SM7c36e921e7c1402bbb4917d1b4348080","SmsStatus":"queued","MessageStatus":"queued","To":"+…17","MessageSid":"SM7c36e921e7c1402bbb4917d1b4348080","AccountSid":"ACe3cfdf3e3612fba2bd06c7a14909e1e1","From":"+…06","ApiVersion":"2010-04-01","MessagingServiceSid":"MG003034c1d7d7b63225c5182b2be5bcc1"}', '2026-11-25 03:26:23.462906+00', 10, 'queued: nothing new for the delivery'),
	(20, '2026-11-25 03:26:23.244641+00', 'twilio-main', 'vyPWScPuSW0FL2i4eRTxNKeu', 'SM9773ae10a32e0448854890ae4d4afb92', 'twilio-main:SM9773ae10a32e0448854890ae4d4afb92:queued:', 'queued', NULL, '{"SmsSid":"SM9773ae10a32e0448854890ae4d4afb92","SmsStatus":"queued","MessageStatus":"queued","To":"+…16","MessageSid":"SM9773ae10a32e0448854890ae4d4afb92","AccountSid":"ACe3cfdf3e3612fba2bd06c7a14909e1e1","From":"+…06","ApiVersion":"2010-04-01","MessagingServiceSid":"MG003034c1d7d7b63225c5182b2be5bcc1"}', '2026-11-25 03:26:23.463355+00', 16, 'queued: nothing new for the delivery'),
	(21, '2026-11-25 03:26:23.244883+00', 'twilio-main', 'HF9COsSuuvEGgYMaL5JVVWRg', 'SMe1e5d8809903b6c25ed0ade2a1e5a881', 'twilio-main:SMe1e5d8809903b6c25ed0ade2a1e5a881:sent:', 'sent', NULL, '{"SmsSid":"SMe1e5d8809903b6c25ed0ade2a1e5a881","SmsStatus":"sent","MessageStatus":"sent","To":"+…14","MessageSid":"SMe1e5d8809903b6c25ed0ade2a1e5a881","AccountSid":"ACe3cfdf3e3612fba2bd06c7a14909e1e1","From":"+…06","ApiVersion":"2010-04-01","MessagingServiceSid":"MG003034c1d7d7b63225c5182b2be5bcc1"}', '2026-11-25 03:26:23.463817+00', 9, 'the provider has passed it on'),
	(22, '2026-11-25 03:26:23.245156+00', 'twilio-main', '-r6MHji889marq56IC1HhN2p', 'SMddfd9181599561124ab6b17876584347', 'twilio-main:SMddfd9181599561124ab6b17876584347:sent:', 'sent', NULL, '{"SmsSid":"SMddfd9181599561124ab6b17876584347","SmsStatus":"sent","MessageStatus":"sent","To":"+…09","MessageSid":"SMddfd9181599561124ab6b17876584347","AccountSid":"ACe3cfdf3e3612fba2bd06c7a14909e1e1","From":"+…06","ApiVersion":"2010-04-01","MessagingServiceSid":"MG003034c1d7d7b63225c5182b2be5bcc1"}', '2026-11-25 03:26:23.466069+00', 6, 'the provider has passed it on'),
	(23, '2026-11-25 03:26:23.245363+00', 'twilio-main', 'jl9_4iO4yH18252GE_Vsb8LY', 'SM9301bcbd0477f6a7759a2803e8199d9a', 'twilio-main:SM9301bcbd0477f6a7759a2803e8199d9a:sent:', 'sent', NULL, '{"SmsSid":"SM9301bcbd0477f6a7759a2803e8199d9a","SmsStatus":"sent","MessageStatus":"sent","To":"+…19","MessageSid":"SM9301bcbd0477f6a7759a2803e8199d9a","AccountSid":"ACe3cfdf3e3612fba2bd06c7a14909e1e1","From":"+…06","ApiVersion":"2010-04-01","MessagingServiceSid":"MG003034c1d7d7b63225c5182b2be5bcc1"}', '2026-11-25 03:26:23.467974+00', 12, 'the provider has passed it on'),
	(24, '2026-11-25 03:26:23.245559+00', 'twilio-main', '8WTppAnbcONM3xDJ7DUYPg6P', 'SMa8f94d868569ff85ff160b1535f379d1', 'twilio-main:SMa8f94d868569ff85ff160b1535f379d1:sent:', 'sent', NULL, '{"SmsSid":"SMa8f94d868569ff85ff160b1535f379d1","SmsStatus":"sent","MessageStatus":"sent","To":"+…13","MessageSid":"SMa8f94d868569ff85ff160b1535f379d1","AccountSid":"ACe3cfdf3e3612fba2bd06c7a14909e1e1","From":"+…06","ApiVersion":"2010-04-01","MessagingServiceSid":"MG003034c1d7d7b63225c5182b2be5bcc1"}', '2026-11-25 03:26:23.468907+00', 8, 'the provider has passed it on'),
	(25, '2026-11-25 03:26:23.245812+00', 'twilio-main', 'RReo_ETde5gfTBzZ5UPXOGNA', 'SMe2d48b8d9224917feeb500b169d3e039', 'twilio-main:SMe2d48b8d9224917feeb500b169d3e039:sent:', 'sent', NULL, '{"SmsSid":"SMe2d48b8d9224917feeb500b169d3e039","SmsStatus":"sent","MessageStatus":"sent","To":"+…18","MessageSid":"SMe2d48b8d9224917feeb500b169d3e039","AccountSid":"ACe3cfdf3e3612fba2bd06c7a14909e1e1","From":"+…06","ApiVersion":"2010-04-01","MessagingServiceSid":"MG003034c1d7d7b63225c5182b2be5bcc1"}', '2026-11-25 03:26:23.469822+00', 11, 'the provider has passed it on'),
	(26, '2026-11-25 03:26:23.246011+00', 'twilio-main', 'np0TP-aqyKb85xjQXOQZjldf', 'SMff67a318cbd34fcd5b6bf4f4a2a3cb2e', 'twilio-main:SMff67a318cbd34fcd5b6bf4f4a2a3cb2e:sent:', 'sent', NULL, '{"SmsSid":"SMff67a318cbd34fcd5b6bf4f4a2a3cb2e","SmsStatus":"sent","MessageStatus":"sent","To":"+…03","MessageSid":"SMff67a318cbd34fcd5b6bf4f4a2a3cb2e","AccountSid":"ACe3cfdf3e3612fba2bd06c7a14909e1e1","From":"+…06","ApiVersion":"2010-04-01","MessagingServiceSid":"MG003034c1d7d7b63225c5182b2be5bcc1"}', '2026-11-25 03:26:23.470768+00', 3, 'the provider has passed it on'),
	(27, '2026-11-25 03:26:23.246201+00', 'twilio-main', 'LjjPNoqBsvLkWUHBGuRMbNcw', 'SM784d52a06ba1ada1e1a5aa62cb3f56e4', 'twilio-main:SM784d52a06ba1ada1e1a5aa62cb3f56e4:sent:', 'sent', NULL, '{"SmsSid":"SM784d52a06ba1ada1e1a5aa62cb3f56e4","SmsStatus":"sent","MessageStatus":"sent","To":"+…08","MessageSid":"SM784d52a06ba1ada1e1a5aa62cb3f56e4","AccountSid":"ACe3cfdf3e3612fba2bd06c7a14909e1e1","From":"+…06","ApiVersion":"2010-04-01","MessagingServiceSid":"MG003034c1d7d7b63225c5182b2be5bcc1"}', '2026-11-25 03:26:23.471668+00', 14, 'the provider has passed it on'),
	(28, '2026-11-25 03:26:23.246395+00', 'twilio-main', 'bNJyO2nVEjH9mpIMJj28SI-v', 'SMda00f064dfe6338d2b83ecbea822adc4', 'twilio-main:SMda00f064dfe6338d2b83ecbea822adc4:sent:', 'sent', NULL, '{"SmsSid":"SMda00f064dfe6338d2b83ecbea822adc4","SmsStatus":"sent","MessageStatus":"sent","To":"+…00","MessageSid":"SMda00f064dfe6338d2b83ecbea822adc4","AccountSid":"ACe3cfdf3e3612fba2bd06c7a14909e1e1","From":"+…06","ApiVersion":"2010-04-01","MessagingServiceSid":"MG003034c1d7d7b63225c5182b2be5bcc1"}', '2026-11-25 03:26:23.472434+00', 20, 'the provider has passed it on'),
	(29, '2026-11-25 03:26:23.246642+00', 'twilio-main', '0UtUPB8I4oJbJBUgn422tGNg', 'SM7a2950773c7f0aaaf8bf084c84ac640a', 'twilio-main:SM7a2950773c7f0aaaf8bf084c84ac640a:sent:', 'sent', NULL, '{"SmsSid":"SM7a2950773c7f0aaaf8bf084c84ac640a","SmsStatus":"sent","MessageStatus":"sent","To":"+…15","MessageSid":"SM7a2950773c7f0aaaf8bf084c84ac640a","AccountSid":"ACe3cfdf3e3612fba2bd06c7a14909e1e1","From":"+…06","ApiVersion":"2010-04-01","MessagingServiceSid":"MG003034c1d7d7b63225c5182b2be5bcc1"}', '2026-11-25 03:26:23.473186+00', 19, 'the provider has passed it on'),
	(30, '2026-11-25 03:26:23.24684+00', 'twilio-main', 'eVYsAcaGqgg5sfAdMOZw68Yl', 'SMf8bbae92e4fc7da7c3f8b7039ed4483d', 'twilio-main:SMf8bbae92e4fc7da7c3f8b7039ed4483d:sent:', 'sent', NULL, '{"SmsSid":"SMf8bbae92e4fc7da7c3f8b7039ed4483d","SmsStatus":"sent","MessageStatus":"sent","To":"+…12","MessageSid":"SMf8bbae92e4fc7da7c3f8b7039ed4483d","AccountSid":"ACe3cfdf3e3612fba2bd06c7a14909e1e1","From":"+…06","ApiVersion":"2010-04-01","MessagingServiceSid":"MG003034c1d7d7b63225c5182b2be5bcc1"}', '2026-11-25 03:26:23.473979+00', 15, 'the provider has passed it on'),
	(31, '2026-11-25 03:26:23.247026+00', 'twilio-main', 'HE8AcTn6Zcz8u7J77czmBLyz', 'SMa384e0fe86cf3da514d28fbc71c96ad1', 'twilio-main:SMa384e0fe86cf3da514d28fbc71c96ad1:sent:', 'sent', NULL, '{"SmsSid":"SMa384e0fe86cf3da514d28fbc71c96ad1","SmsStatus":"sent","MessageStatus":"sent","To":"+…05","MessageSid":"SMa384e0fe86cf3da514d28fbc71c96ad1","AccountSid":"ACe3cfdf3e3612fba2bd06c7a14909e1e1","From":"+…06","ApiVersion":"2010-04-01","MessagingServiceSid":"MG003034c1d7d7b63225c5182b2be5bcc1"}', '2026-11-25 03:26:23.474731+00', 17, 'the provider has passed it on'),
	(32, '2026-11-25 03:26:23.247217+00', 'twilio-main', 'pu7E2G3KYW1Xeq1xrZKC8Zpo', 'SM5857a17be3afed0db3b003af0ff783e7', 'twilio-main:SM5857a17be3afed0db3b003af0ff783e7:sent:', 'sent', NULL, '{"SmsSid":"SM5857a17be3afed0db3b003af0ff783e7","SmsStatus":"sent","MessageStatus":"sent","To":"+…07","MessageSid":"SM5857a17be3afed0db3b003af0ff783e7","AccountSid":"ACe3cfdf3e3612fba2bd06c7a14909e1e1","From":"+…06","ApiVersion":"2010-04-01","MessagingServiceSid":"MG003034c1d7d7b63225c5182b2be5bcc1"}', '2026-11-25 03:26:23.475474+00', 5, 'the provider has passed it on'),
	(33, '2026-11-25 03:26:23.325061+00', 'twilio-main', 'WaeJ1MJYPtSbDR8HIj18Be7W', 'SM6363b07469f4e4e49c4b5f8dc1d33f6e', 'twilio-main:SM6363b07469f4e4e49c4b5f8dc1d33f6e:sent:', 'sent', NULL, '{"SmsSid":"SM6363b07469f4e4e49c4b5f8dc1d33f6e","SmsStatus":"sent","MessageStatus":"sent","To":"+…11","MessageSid":"SM6363b07469f4e4e49c4b5f8dc1d33f6e","AccountSid":"ACe3cfdf3e3612fba2bd06c7a14909e1e1","From":"+…06","ApiVersion":"2010-04-01","MessagingServiceSid":"MG003034c1d7d7b63225c5182b2be5bcc1"}', '2026-11-25 03:26:23.476243+00', 7, 'the provider has passed it on'),
	(34, '2026-11-25 03:26:23.325669+00', 'twilio-main', '2F6RlhlnrHrdNqfKx4G6RiPv', 'SMb56af92d9267a651077db939adf9f257', 'twilio-main:SMb56af92d9267a651077db939adf9f257:sent:', 'sent', NULL, '{"SmsSid":"SMb56af92d9267a651077db939adf9f257","SmsStatus":"sent","MessageStatus":"sent","To":"+…10","MessageSid":"SMb56af92d9267a651077db939adf9f257","AccountSid":"ACe3cfdf3e3612fba2bd06c7a14909e1e1","From":"+…06","ApiVersion":"2010-04-01","MessagingServiceSid":"MG003034c1d7d7b63225c5182b2be5bcc1"}', '2026-11-25 03:26:23.476931+00', 18, 'the provider has passed it on'),
	(35, '2026-11-25 03:26:23.328497+00', 'twilio-main', '7Z8_gk010jUHE1tDvIO_wZHs', 'SM13e0f0b1a81bc63d8d3065edcc25dc3b', 'twilio-main:SM13e0f0b1a81bc63d8d3065edcc25dc3b:sent:', 'sent', NULL, '{"SmsSid":"SM13e0f0b1a81bc63d8d3065edcc25dc3b","SmsStatus":"sent","MessageStatus":"sent","To":"+…04","MessageSid":"SM13e0f0b1a81bc63d8d3065edcc25dc3b","AccountSid":"ACe3cfdf3e3612fba2bd06c7a14909e1e1","From":"+…06","ApiVersion":"2010-04-01","MessagingServiceSid":"MG003034c1d7d7b63225c5182b2be5bcc1"}', '2026-11-25 03:26:23.477614+00', 13, 'the provider has passed it on'),
	(36, '2026-11-25 03:26:23.328942+00', 'twilio-main', 'YOoNgKy4XKCa33qcxfdg5Gwv', 'SM140b8ed16268fa214fb53425ba622f5f', 'twilio-main:SM140b8ed16268fa214fb53425ba622f5f:sent:', 'sent', NULL, '{"SmsSid":"SM140b8ed16268fa214fb53425ba622f5f","SmsStatus":"sent","MessageStatus":"sent","To":"+…01","MessageSid":"SM140b8ed16268fa214fb53425ba622f5f","AccountSid":"ACe3cfdf3e3612fba2bd06c7a14909e1e1","From":"+…06","ApiVersion":"2010-04-01","MessagingServiceSid":"MG003034c1d7d7b63225c5182b2be5bcc1"}', '2026-11-25 03:26:23.478341+00', 1, 'the provider has passed it on'),
	(37, '2026-11-25 03:26:23.329324+00', 'twilio-main', 'GRyognOQJdcy5iWm0cZ_ehXy', 'SMf99cafe5632346446f255aabf167f647', 'twilio-main:SMf99cafe5632346446f255aabf167f647:sent:', 'sent', NULL, '{"SmsSid":"SMf99cafe5632346446f255aabf167f647","SmsStatus":"sent","MessageStatus":"sent","To":"+…02","MessageSid":"SMf99cafe5632346446f255aabf167f647","AccountSid":"ACe3cfdf3e3612fba2bd06c7a14909e1e1","From":"+…06","ApiVersion":"2010-04-01","MessagingServiceSid":"MG003034c1d7d7b63225c5182b2be5bcc1"}', '2026-11-25 03:26:23.479013+00', 2, 'the provider has passed it on'),
	(38, '2026-11-25 03:26:23.329678+00', 'twilio-main', 'UHiflPV0Quamz03ntCXm5qFX', 'SMac55c4ac4b65e2ef914fbba3d8f63ba4', 'twilio-main:SMac55c4ac4b65e2ef914fbba3d8f63ba4:sent:', 'sent', NULL, '{"SmsSid":"SMac55c4ac4b65e2ef914fbba3d8f63ba4","SmsStatus":"sent","MessageStatus":"sent","To":"+…06","MessageSid":"SMac55c4ac4b65e2ef914fbba3d8f63ba4","AccountSid":"ACe3cfdf3e3612fba2bd06c7a14909e1e1","From":"+…06","ApiVersion":"2010-04-01","MessagingServiceSid":"MG003034c1d7d7b63225c5182b2be5bcc1"}', '2026-11-25 03:26:23.479679+00', 4, 'the provider has passed it on'),
	(39, '2026-11-25 03:26:23.330083+00', 'twilio-main', 'LE-F-8iCCmKEa9hBwI-XXLwb', 'SM7c36e921e7c1402bbb4917d1b4348080', 'twilio-main:SM7c36e921e7c1402bbb4917d1b4348080:sent:', 'sent', NULL, '{"SmsSid":"SM7c36e921e7c1402bbb4917d1b4348080","SmsStatus":"sent","MessageStatus":"sent","To":"+…17","MessageSid":"SM7c36e921e7c1402bbb4917d1b4348080","AccountSid":"ACe3cfdf3e3612fba2bd06c7a14909e1e1","From":"+…06","ApiVersion":"2010-04-01","MessagingServiceSid":"MG003034c1d7d7b63225c5182b2be5bcc1"}', '2026-11-25 03:26:23.480343+00', 10, 'the provider has passed it on'),
	(40, '2026-11-25 03:26:23.330451+00', 'twilio-main', 'np0TP-aqyKb85xjQXOQZjldf', 'SMff67a318cbd34fcd5b6bf4f4a2a3cb2e', 'twilio-main:SMff67a318cbd34fcd5b6bf4f4a2a3cb2e:delivered:', 'delivered', NULL, '{"SmsSid":"SMff67a318cbd34fcd5b6bf4f4a2a3cb2e","SmsStatus":"delivered","MessageStatus":"delivered","To":"+…03","MessageSid":"SMff67a318cbd34fcd5b6bf4f4a2a3cb2e","AccountSid":"ACe3cfdf3e3612fba2bd06c7a14909e1e1","From":"+…06","ApiVersion":"2010-04-01","MessagingServiceSid":"MG003034c1d7d7b63225c5182b2be5bcc1","RawDlrDoneDate":"2611250326"}', '2026-11-25 03:26:23.481067+00', 3, 'delivered, the provider says'),
	(41, '2026-11-25 03:26:23.331089+00', 'twilio-main', 'bNJyO2nVEjH9mpIMJj28SI-v', 'SMda00f064dfe6338d2b83ecbea822adc4', 'twilio-main:SMda00f064dfe6338d2b83ecbea822adc4:delivered:', 'delivered', NULL, '{"SmsSid":"SMda00f064dfe6338d2b83ecbea822adc4","SmsStatus":"delivered","MessageStatus":"delivered","To":"+…00","MessageSid":"SMda00f064dfe6338d2b83ecbea822adc4","AccountSid":"ACe3cfdf3e3612fba2bd06c7a14909e1e1","From":"+…06","ApiVersion":"2010-04-01","MessagingServiceSid":"MG003034c1d7d7b63225c5182b2be5bcc1","RawDlrDoneDate":"2611250326"}', '2026-11-25 03:26:23.481799+00', 20, 'delivered, the provider says'),
	(42, '2026-11-25 03:26:23.331421+00', 'twilio-main', 'vyPWScPuSW0FL2i4eRTxNKeu', 'SM9773ae10a32e0448854890ae4d4afb92', 'twilio-main:SM9773ae10a32e0448854890ae4d4afb92:sent:', 'sent', NULL, '{"SmsSid":"SM9773ae10a32e0448854890ae4d4afb92","SmsStatus":"sent","MessageStatus":"sent","To":"+…16","MessageSid":"SM9773ae10a32e0448854890ae4d4afb92","AccountSid":"ACe3cfdf3e3612fba2bd06c7a14909e1e1","From":"+…06","ApiVersion":"2010-04-01","MessagingServiceSid":"MG003034c1d7d7b63225c5182b2be5bcc1"}', '2026-11-25 03:26:23.482519+00', 16, 'the provider has passed it on'),
	(43, '2026-11-25 03:26:23.331728+00', 'twilio-main', 'pu7E2G3KYW1Xeq1xrZKC8Zpo', 'SM5857a17be3afed0db3b003af0ff783e7', 'twilio-main:SM5857a17be3afed0db3b003af0ff783e7:delivered:', 'delivered', NULL, '{"SmsSid":"SM5857a17be3afed0db3b003af0ff783e7","SmsStatus":"delivered","MessageStatus":"delivered","To":"+…07","MessageSid":"SM5857a17be3afed0db3b003af0ff783e7","AccountSid":"ACe3cfdf3e3612fba2bd06c7a14909e1e1","From":"+…06","ApiVersion":"2010-04-01","MessagingServiceSid":"MG003034c1d7d7b63225c5182b2be5bcc1","RawDlrDoneDate":"2611250326"}', '2026-11-25 03:26:23.483186+00', 5, 'delivered, the provider says'),
	(44, '2026-11-25 03:26:23.332054+00', 'twilio-main', 'GRyognOQJdcy5iWm0cZ_ehXy', 'SMf99cafe5632346446f255aabf167f647', 'twilio-main:SMf99cafe5632346446f255aabf167f647:delivered:', 'delivered', NULL, '{"SmsSid":"SMf99cafe5632346446f255aabf167f647","SmsStatus":"delivered","MessageStatus":"delivered","To":"+…02","MessageSid":"SMf99cafe5632346446f255aabf167f647","AccountSid":"ACe3cfdf3e3612fba2bd06c7a14909e1e1","From":"+…06","ApiVersion":"2010-04-01","MessagingServiceSid":"MG003034c1d7d7b63225c5182b2be5bcc1","RawDlrDoneDate":"2611250326"}', '2026-11-25 03:26:23.483873+00', 2, 'delivered, the provider says'),
	(45, '2026-11-25 03:26:23.332361+00', 'twilio-main', '0UtUPB8I4oJbJBUgn422tGNg', 'SM7a2950773c7f0aaaf8bf084c84ac640a', 'twilio-main:SM7a2950773c7f0aaaf8bf084c84ac640a:delivered:', 'delivered', NULL, '{"SmsSid":"SM7a2950773c7f0aaaf8bf084c84ac640a","SmsStatus":"delivered","MessageStatus":"delivered","To":"+…15","MessageSid":"SM7a2950773c7f0aaaf8bf084c84ac640a","AccountSid":"ACe3cfdf3e3612fba2bd06c7a14909e1e1","From":"+…06","ApiVersion":"2010-04-01","MessagingServiceSid":"MG003034c1d7d7b63225c5182b2be5bcc1","RawDlrDoneDate":"2611250326"}', '2026-11-25 03:26:23.484546+00', 19, 'delivered, the provider says'),
	(46, '2026-11-25 03:26:23.332667+00', 'twilio-main', 'eVYsAcaGqgg5sfAdMOZw68Yl', 'SMf8bbae92e4fc7da7c3f8b7039ed4483d', 'twilio-main:SMf8bbae92e4fc7da7c3f8b7039ed4483d:delivered:', 'delivered', NULL, '{"SmsSid":"SMf8bbae92e4fc7da7c3f8b7039ed4483d","SmsStatus":"delivered","MessageStatus":"delivered","To":"+…12","MessageSid":"SMf8bbae92e4fc7da7c3f8b7039ed4483d","AccountSid":"ACe3cfdf3e3612fba2bd06c7a14909e1e1","From":"+…06","ApiVersion":"2010-04-01","MessagingServiceSid":"MG003034c1d7d7b63225c5182b2be5bcc1","RawDlrDoneDate":"2611250326"}', '2026-11-25 03:26:23.485224+00', 15, 'delivered, the provider says'),
	(47, '2026-11-25 03:26:23.333672+00', 'twilio-main', 'LjjPNoqBsvLkWUHBGuRMbNcw', 'SM784d52a06ba1ada1e1a5aa62cb3f56e4', 'twilio-main:SM784d52a06ba1ada1e1a5aa62cb3f56e4:delivered:', 'delivered', NULL, '{"SmsSid":"SM784d52a06ba1ada1e1a5aa62cb3f56e4","SmsStatus":"delivered","MessageStatus":"delivered","To":"+…08","MessageSid":"SM784d52a06ba1ada1e1a5aa62cb3f56e4","AccountSid":"ACe3cfdf3e3612fba2bd06c7a14909e1e1","From":"+…06","ApiVersion":"2010-04-01","MessagingServiceSid":"MG003034c1d7d7b63225c5182b2be5bcc1","RawDlrDoneDate":"2611250326"}', '2026-11-25 03:26:23.486055+00', 14, 'delivered, the provider says'),
	(48, '2026-11-25 03:26:23.33412+00', 'twilio-main', 'jl9_4iO4yH18252GE_Vsb8LY', 'SM9301bcbd0477f6a7759a2803e8199d9a', 'twilio-main:SM9301bcbd0477f6a7759a2803e8199d9a:delivered:', 'delivered', NULL, '{"SmsSid":"SM9301bcbd0477f6a7759a2803e8199d9a","SmsStatus":"delivered","MessageStatus":"delivered","To":"+…19","MessageSid":"SM9301bcbd0477f6a7759a2803e8199d9a","AccountSid":"ACe3cfdf3e3612fba2bd06c7a14909e1e1","From":"+…06","ApiVersion":"2010-04-01","MessagingServiceSid":"MG003034c1d7d7b63225c5182b2be5bcc1","RawDlrDoneDate":"2611250326"}', '2026-11-25 03:26:23.486747+00', 12, 'delivered, the provider says'),
	(49, '2026-11-25 03:26:23.334569+00', 'twilio-main', 'RReo_ETde5gfTBzZ5UPXOGNA', 'SMe2d48b8d9224917feeb500b169d3e039', 'twilio-main:SMe2d48b8d9224917feeb500b169d3e039:delivered:', 'delivered', NULL, '{"SmsSid":"SMe2d48b8d9224917feeb500b169d3e039","SmsStatus":"delivered","MessageStatus":"delivered","To":"+…18","MessageSid":"SMe2d48b8d9224917feeb500b169d3e039","AccountSid":"ACe3cfdf3e3612fba2bd06c7a14909e1e1","From":"+…06","ApiVersion":"2010-04-01","MessagingServiceSid":"MG003034c1d7d7b63225c5182b2be5bcc1","RawDlrDoneDate":"2611250326"}', '2026-11-25 03:26:23.487427+00', 11, 'delivered, the provider says'),
	(50, '2026-11-25 03:26:23.334886+00', 'twilio-main', 'UHiflPV0Quamz03ntCXm5qFX', 'SMac55c4ac4b65e2ef914fbba3d8f63ba4', 'twilio-main:SMac55c4ac4b65e2ef914fbba3d8f63ba4:delivered:', 'delivered', NULL, '{"SmsSid":"SMac55c4ac4b65e2ef914fbba3d8f63ba4","SmsStatus":"delivered","MessageStatus":"delivered","To":"+…06","MessageSid":"SMac55c4ac4b65e2ef914fbba3d8f63ba4","AccountSid":"ACe3cfdf3e3612fba2bd06c7a14909e1e1","From":"+…06","ApiVersion":"2010-04-01","MessagingServiceSid":"MG003034c1d7d7b63225c5182b2be5bcc1","RawDlrDoneDate":"2611250326"}', '2026-11-25 03:26:23.488096+00', 4, 'delivered, the provider says'),
	(51, '2026-11-25 03:26:23.336355+00', 'twilio-main', '7Z8_gk010jUHE1tDvIO_wZHs', 'SM13e0f0b1a81bc63d8d3065edcc25dc3b', 'twilio-main:SM13e0f0b1a81bc63d8d3065edcc25dc3b:delivered:', 'delivered', NULL, '{"SmsSid":"SM13e0f0b1a81bc63d8d3065edcc25dc3b","SmsStatus":"delivered","MessageStatus":"delivered","To":"+…04","MessageSid":"SM13e0f0b1a81bc63d8d3065edcc25dc3b","AccountSid":"ACe3cfdf3e3612fba2bd06c7a14909e1e1","From":"+…06","ApiVersion":"2010-04-01","MessagingServiceSid":"MG003034c1d7d7b63225c5182b2be5bcc1","RawDlrDoneDate":"2611250326"}', '2026-11-25 03:26:23.48876+00', 13, 'delivered, the provider says'),
	(52, '2026-11-25 03:26:23.336715+00', 'twilio-main', 'LE-F-8iCCmKEa9hBwI-XXLwb', 'SM7c36e921e7c1402bbb4917d1b4348080', 'twilio-main:SM7c36e921e7c1402bbb4917d1b4348080:delivered:', 'delivered', NULL, '{"SmsSid":"SM7c36e921e7c1402bbb4917d1b4348080","SmsStatus":"delivered","MessageStatus":"delivered","To":"+…17","MessageSid":"SM7c36e921e7c1402bbb4917d1b4348080","AccountSid":"ACe3cfdf3e3612fba2bd06c7a14909e1e1","From":"+…06","ApiVersion":"2010-04-01","MessagingServiceSid":"MG003034c1d7d7b63225c5182b2be5bcc1","RawDlrDoneDate":"2611250326"}', '2026-11-25 03:26:23.489428+00', 10, 'delivered, the provider says'),
	(53, '2026-11-25 03:26:23.337034+00', 'twilio-main', 'HE8AcTn6Zcz8u7J77czmBLyz', 'SMa384e0fe86cf3da514d28fbc71c96ad1', 'twilio-main:SMa384e0fe86cf3da514d28fbc71c96ad1:delivered:', 'delivered', NULL, '{"SmsSid":"SMa384e0fe86cf3da514d28fbc71c96ad1","SmsStatus":"delivered","MessageStatus":"delivered","To":"+…05","MessageSid":"SMa384e0fe86cf3da514d28fbc71c96ad1","AccountSid":"ACe3cfdf3e3612fba2bd06c7a14909e1e1","From":"+…06","ApiVersion":"2010-04-01","MessagingServiceSid":"MG003034c1d7d7b63225c5182b2be5bcc1","RawDlrDoneDate":"2611250326"}', '2026-11-25 03:26:23.490177+00', 17, 'delivered, the provider says'),
	(54, '2026-11-25 03:26:23.337344+00', 'twilio-main', '8WTppAnbcONM3xDJ7DUYPg6P', 'SMa8f94d868569ff85ff160b1535f379d1', 'twilio-main:SMa8f94d868569ff85ff160b1535f379d1:delivered:', 'delivered', NULL, '{"SmsSid":"SMa8f94d868569ff85ff160b1535f379d1","SmsStatus":"delivered","MessageStatus":"delivered","To":"+…13","MessageSid":"SMa8f94d868569ff85ff160b1535f379d1","AccountSid":"ACe3cfdf3e3612fba2bd06c7a14909e1e1","From":"+…06","ApiVersion":"2010-04-01","MessagingServiceSid":"MG003034c1d7d7b63225c5182b2be5bcc1","RawDlrDoneDate":"2611250326"}', '2026-11-25 03:26:23.490913+00', 8, 'delivered, the provider says'),
	(55, '2026-11-25 03:26:23.337677+00', 'twilio-main', '2F6RlhlnrHrdNqfKx4G6RiPv', 'SMb56af92d9267a651077db939adf9f257', 'twilio-main:SMb56af92d9267a651077db939adf9f257:delivered:', 'delivered', NULL, '{"SmsSid":"SMb56af92d9267a651077db939adf9f257","SmsStatus":"delivered","MessageStatus":"delivered","To":"+…10","MessageSid":"SMb56af92d9267a651077db939adf9f257","AccountSid":"ACe3cfdf3e3612fba2bd06c7a14909e1e1","From":"+…06","ApiVersion":"2010-04-01","MessagingServiceSid":"MG003034c1d7d7b63225c5182b2be5bcc1","RawDlrDoneDate":"2611250326"}', '2026-11-25 03:26:23.491585+00', 18, 'delivered, the provider says'),
	(56, '2026-11-25 03:26:23.339138+00', 'twilio-main', 'YOoNgKy4XKCa33qcxfdg5Gwv', 'SM140b8ed16268fa214fb53425ba622f5f', 'twilio-main:SM140b8ed16268fa214fb53425ba622f5f:delivered:', 'delivered', NULL, '{"SmsSid":"SM140b8ed16268fa214fb53425ba622f5f","SmsStatus":"delivered","MessageStatus":"delivered","To":"+…01","MessageSid":"SM140b8ed16268fa214fb53425ba622f5f","AccountSid":"ACe3cfdf3e3612fba2bd06c7a14909e1e1","From":"+…06","ApiVersion":"2010-04-01","MessagingServiceSid":"MG003034c1d7d7b63225c5182b2be5bcc1","RawDlrDoneDate":"2611250326"}', '2026-11-25 03:26:23.492253+00', 1, 'delivered, the provider says'),
	(57, '2026-11-25 03:26:23.339483+00', 'twilio-main', 'HF9COsSuuvEGgYMaL5JVVWRg', 'SMe1e5d8809903b6c25ed0ade2a1e5a881', 'twilio-main:SMe1e5d8809903b6c25ed0ade2a1e5a881:delivered:', 'delivered', NULL, '{"SmsSid":"SMe1e5d8809903b6c25ed0ade2a1e5a881","SmsStatus":"delivered","MessageStatus":"delivered","To":"+…14","MessageSid":"SMe1e5d8809903b6c25ed0ade2a1e5a881","AccountSid":"ACe3cfdf3e3612fba2bd06c7a14909e1e1","From":"+…06","ApiVersion":"2010-04-01","MessagingServiceSid":"MG003034c1d7d7b63225c5182b2be5bcc1","RawDlrDoneDate":"2611250326"}', '2026-11-25 03:26:23.492956+00', 9, 'delivered, the provider says'),
	(58, '2026-11-25 03:26:23.3398+00', 'twilio-main', 'vyPWScPuSW0FL2i4eRTxNKeu', 'SM9773ae10a32e0448854890ae4d4afb92', 'twilio-main:SM9773ae10a32e0448854890ae4d4afb92:delivered:', 'delivered', NULL, '{"SmsSid":"SM9773ae10a32e0448854890ae4d4afb92","SmsStatus":"delivered","MessageStatus":"delivered","To":"+…16","MessageSid":"SM9773ae10a32e0448854890ae4d4afb92","AccountSid":"ACe3cfdf3e3612fba2bd06c7a14909e1e1","From":"+…06","ApiVersion":"2010-04-01","MessagingServiceSid":"MG003034c1d7d7b63225c5182b2be5bcc1","RawDlrDoneDate":"2611250326"}', '2026-11-25 03:26:23.493631+00', 16, 'delivered, the provider says'),
	(59, '2026-11-25 03:26:23.340156+00', 'twilio-main', '-r6MHji889marq56IC1HhN2p', 'SMddfd9181599561124ab6b17876584347', 'twilio-main:SMddfd9181599561124ab6b17876584347:delivered:', 'delivered', NULL, '{"SmsSid":"SMddfd9181599561124ab6b17876584347","SmsStatus":"delivered","MessageStatus":"delivered","To":"+…09","MessageSid":"SMddfd9181599561124ab6b17876584347","AccountSid":"ACe3cfdf3e3612fba2bd06c7a14909e1e1","From":"+…06","ApiVersion":"2010-04-01","MessagingServiceSid":"MG003034c1d7d7b63225c5182b2be5bcc1","RawDlrDoneDate":"2611250326"}', '2026-11-25 03:26:23.494369+00', 6, 'delivered, the provider says'),
	(60, '2026-11-25 03:26:23.340518+00', 'twilio-main', 'WaeJ1MJYPtSbDR8HIj18Be7W', 'SM6363b07469f4e4e49c4b5f8dc1d33f6e', 'twilio-main:SM6363b07469f4e4e49c4b5f8dc1d33f6e:delivered:', 'delivered', NULL, '{"SmsSid":"SM6363b07469f4e4e49c4b5f8dc1d33f6e","SmsStatus":"delivered","MessageStatus":"delivered","To":"+…11","MessageSid":"SM6363b07469f4e4e49c4b5f8dc1d33f6e","AccountSid":"ACe3cfdf3e3612fba2bd06c7a14909e1e1","From":"+…06","ApiVersion":"2010-04-01","MessagingServiceSid":"MG003034c1d7d7b63225c5182b2be5bcc1","RawDlrDoneDate":"2611250326"}', '2026-11-25 03:26:23.495132+00', 7, 'delivered, the provider says'),
	(61, '2026-11-25 03:26:23.72277+00', 'twilio-main', '8GAlOwukezkWwWsuiNlqLMbx', 'SM254ae101be3af48e7fbf0314f4f1375f', 'twilio-main:SM254ae101be3af48e7fbf0314f4f1375f:queued:', 'queued', NULL, '{"SmsSid":"SM254ae101be3af48e7fbf0314f4f1375f","SmsStatus":"queued","MessageStatus":"queued","To":"+…37","MessageSid":"SM254ae101be3af48e7fbf0314f4f1375f","AccountSid":"ACe3cfdf3e3612fba2bd06c7a14909e1e1","From":"+…06","ApiVersion":"2010-04-01","MessagingServiceSid":"MG003034c1d7d7b63225c5182b2be5bcc1"}', '2026-11-25 03:26:23.879153+00', 30, 'queued: nothing new for the delivery'),
	(62, '2026-11-25 03:26:23.726688+00', 'twilio-main', 'nweFpJmBkIk3_31qc98baQ5V', 'SM314f0fcd5f1305137f2851927317c8c9', 'twilio-main:SM314f0fcd5f1305137f2851927317c8c9:queued:', 'queued', NULL, '{"SmsSid":"SM314f0fcd5f1305137f2851927317c8c9","SmsStatus":"queued","MessageStatus":"queued","To":"+…61","MessageSid":"SM314f0fcd5f1305137f2851927317c8c9","AccountSid":"ACe3cfdf3e3612fba2bd06c7a14909e1e1","From":"+…06","ApiVersion":"2010-04-01","MessagingServiceSid":"MG003034c1d7d7b63225c5182b2be5bcc1"}', '2026-11-25 03:26:23.880597+00', 45, 'queued: nothing new for the delivery'),
	(63, '2026-11-25 03:26:23.730062+00', 'twilio-main', 'Qin8QZkjHfK3NIaRwg13MG3_', 'SM5116aaac308eca662bde2706860271c8', 'twilio-main:SM5116aaac308eca662bde2706860271c8:queued:', 'queued', NULL, '{"SmsSid":"SM5116aaac308eca662bde2706860271c8","SmsStatus":"queued","MessageStatus":"queued","To":"+…94","MessageSid":"SM5116aaac308eca662bde2706860271c8","AccountSid":"ACe3cfdf3e3612fba2bd06c7a14909e1e1","From":"+…06","ApiVersion":"2010-04-01","MessagingServiceSid":"MG003034c1d7d7b63225c5182b2be5bcc1"}', '2026-11-25 03:26:23.88166+00', 65, 'queued: nothing new for the delivery'),
	(64, '2026-11-25 03:26:23.73347+00', 'twilio-main', '8GAlOwukezkWwWsuiNlqLMbx', 'SM254ae101be3af48e7fbf0314f4f1375f', 'twilio-main:SM254ae101be3af48e7fbf0314f4f1375f:sent:', 'sent', NULL, '{"SmsSid":"SM254ae101be3af48e7fbf0314f4f1375f","SmsStatus":"sent","MessageStatus":"sent","To":"+…37","MessageSid":"SM254ae101be3af48e7fbf0314f4f1375f","AccountSid":"ACe3cfdf3e3612fba2bd06c7a14909e1e1","From":"+…06","ApiVersion":"2010-04-01","MessagingServiceSid":"MG003034c1d7d7b63225c5182b2be5bcc1"}', '2026-11-25 03:26:23.882701+00', 30, 'the provider has passed it on'),
	(65, '2026-11-25 03:26:23.734108+00', 'twilio-main', 'cgzp202UBkfOwNRg6X8RryTe', 'SMa330c0e4d0f1f2ec79538b5ca5ec936d', 'twilio-main:SMa330c0e4d0f1f2ec79538b5ca5ec936d:queued:', 'queued', NULL, '{"SmsSid":"SMa330c0e4d0f1f2ec79538b5ca5ec936d","SmsStatus":"queued","MessageStatus":"queued","To":"+…68","MessageSid":"SMa330c0e4d0f1f2ec79538b5ca5ec936d","AccountSid":"ACe3cfdf3e3612fba2bd06c7a14909e1e1","From":"+…06","ApiVersion":"2010-04-01","MessagingServiceSid":"MG003034c1d7d7b63225c5182b2be5bcc1"}', '2026-11-25 03:26:23.88409+00', 78, 'queued: nothing new for the delivery'),
	(69, '2026-11-25 03:26:23.787479+00', 'twilio-main', 'nweFpJmBkIk3_31qc98baQ5V', 'SM314f0fcd5f1305137f2851927317c8c9', 'twilio-main:SM314f0fcd5f1305137f2851927317c8c9:delivered:', 'delivered', NULL, '{"SmsSid":"SM314f0fcd5f1305137f2851927317c8c9","SmsStatus":"delivered","MessageStatus":"delivered","To":"+…61","MessageSid":"SM314f0fcd5f1305137f2851927317c8c9","AccountSid":"ACe3cfdf3e3612fba2bd06c7a14909e1e1","From":"+…06","ApiVersion":"2010-04-01","MessagingServiceSid":"MG003034c1d7d7b63225c5182b2be5bcc1","RawDlrDoneDate":"2611250326"}', '2026-11-25 03:26:23.888398+00', 45, 'delivered, the provider says'),
	(70, '2026-11-25 03:26:23.794533+00', 'twilio-main', 'Qin8QZkjHfK3NIaRwg13MG3_', 'SM5116aaac308eca662bde2706860271c8', 'twilio-main:SM5116aaac308eca662bde2706860271c8:delivered:', 'delivered', NULL, '{"SmsSid":"SM5116aaac308eca662bde2706860271c8","SmsStatus":"delivered","MessageStatus":"delivered","To":"+…94","MessageSid":"SM5116aaac308eca662bde2706860271c8","AccountSid":"ACe3cfdf3e3612fba2bd06c7a14909e1e1","From":"+…06","ApiVersion":"2010-04-01","MessagingServiceSid":"MG003034c1d7d7b63225c5182b2be5bcc1","RawDlrDoneDate":"2611250326"}', '2026-11-25 03:26:23.889656+00', 65, 'delivered, the provider says'),
	(72, '2026-11-25 03:26:23.944236+00', 'twilio-main', '8GAlOwukezkWwWsuiNlqLMbx', 'SM254ae101be3af48e7fbf0314f4f1375f', 'twilio-main:SM254ae101be3af48e7fbf0314f4f1375f:delivered:', 'delivered', NULL, '{"SmsSid":"SM254ae101be3af48e7fbf0314f4f1375f","SmsStatus":"delivered","MessageStatus":"delivered","To":"+…37","MessageSid":"SM254ae101be3af48e7fbf0314f4f1375f","AccountSid":"ACe3cfdf3e3612fba2bd06c7a14909e1e1","From":"+…06","ApiVersion":"2010-04-01","MessagingServiceSid":"MG003034c1d7d7b63225c5182b2be5bcc1","RawDlrDoneDate":"2611250326"}', '2026-11-25 03:26:24.052239+00', 30, 'delivered, the provider says'),
	(66, '2026-11-25 03:26:23.759444+00', 'twilio-main', 'nweFpJmBkIk3_31qc98baQ5V', 'SM314f0fcd5f1305137f2851927317c8c9', 'twilio-main:SM314f0fcd5f1305137f2851927317c8c9:sent:', 'sent', NULL, '{"SmsSid":"SM314f0fcd5f1305137f2851927317c8c9","SmsStatus":"sent","MessageStatus":"sent","To":"+…61","MessageSid":"SM314f0fcd5f1305137f2851927317c8c9","AccountSid":"ACe3cfdf3e3612fba2bd06c7a14909e1e1","From":"+…06","ApiVersion":"2010-04-01","MessagingServiceSid":"MG003034c1d7d7b63225c5182b2be5bcc1"}', '2026-11-25 03:26:23.884927+00', 45, 'the provider has passed it on'),
	(67, '2026-11-25 03:26:23.760249+00', 'twilio-main', 'Qin8QZkjHfK3NIaRwg13MG3_', 'SM5116aaac308eca662bde2706860271c8', 'twilio-main:SM5116aaac308eca662bde2706860271c8:sent:', 'sent', NULL, '{"SmsSid":"SM5116aaac308eca662bde2706860271c8","SmsStatus":"sent","MessageStatus":"sent","To":"+…94","MessageSid":"SM5116aaac308eca662bde2706860271c8","AccountSid":"ACe3cfdf3e3612fba2bd06c7a14909e1e1","From":"+…06","ApiVersion":"2010-04-01","MessagingServiceSid":"MG003034c1d7d7b63225c5182b2be5bcc1"}', '2026-11-25 03:26:23.886096+00', 65, 'the provider has passed it on'),
	(68, '2026-11-25 03:26:23.767749+00', 'twilio-main', 'cgzp202UBkfOwNRg6X8RryTe', 'SMa330c0e4d0f1f2ec79538b5ca5ec936d', 'twilio-main:SMa330c0e4d0f1f2ec79538b5ca5ec936d:sent:', 'sent', NULL, '{"SmsSid":"SMa330c0e4d0f1f2ec79538b5ca5ec936d","SmsStatus":"sent","MessageStatus":"sent","To":"+…68","MessageSid":"SMa330c0e4d0f1f2ec79538b5ca5ec936d","AccountSid":"ACe3cfdf3e3612fba2bd06c7a14909e1e1","From":"+…06","ApiVersion":"2010-04-01","MessagingServiceSid":"MG003034c1d7d7b63225c5182b2be5bcc1"}', '2026-11-25 03:26:23.887234+00', 78, 'the provider has passed it on'),
	(71, '2026-11-25 03:26:23.910466+00', 'twilio-main', 'cgzp202UBkfOwNRg6X8RryTe', 'SMa330c0e4d0f1f2ec79538b5ca5ec936d', 'twilio-main:SMa330c0e4d0f1f2ec79538b5ca5ec936d:delivered:', 'delivered', NULL, '{"SmsSid":"SMa330c0e4d0f1f2ec79538b5ca5ec936d","SmsStatus":"delivered","MessageStatus":"delivered","To":"+…68","MessageSid":"SMa330c0e4d0f1f2ec79538b5ca5ec936d","AccountSid":"ACe3cfdf3e3612fba2bd06c7a14909e1e1","From":"+…06","ApiVersion":"2010-04-01","MessagingServiceSid":"MG003034c1d7d7b63225c5182b2be5bcc1","RawDlrDoneDate":"2611250326"}', '2026-11-25 03:26:24.050486+00', 78, 'delivered, the provider says');
INSERT INTO public.recipient VALUES
	(1, 'c-0', 'Person 0', 'en', '+14155550100', NULL, NULL, 'user-0', NULL, 'person-0@customer.example', 41, '2026-11-25 03:26:22.409574+00', '2026-11-25 03:26:22.409574+00'),
	(2, 'c-1', 'Person 1', 'en', '+14155550101', NULL, NULL, NULL, NULL, NULL, 1, '2026-11-25 03:26:22.409574+00', '2026-11-25 03:26:22.409574+00'),
	(3, 'c-2', 'Person 2', 'en', '+14155550102', NULL, NULL, NULL, NULL, NULL, 1, '2026-11-25 03:26:22.409574+00', '2026-11-25 03:26:22.409574+00'),
	(4, 'c-3', 'Person 3', 'en', '+14155550103', NULL, NULL, NULL, NULL, NULL, 1, '2026-11-25 03:26:22.409574+00', '2026-11-25 03:26:22.409574+00'),
	(5, 'c-4', 'Person 4', 'en', '+14155550104', NULL, NULL, 'user-4', NULL, NULL, 9, '2026-11-25 03:26:22.409574+00', '2026-11-25 03:26:22.409574+00'),
	(6, 'c-5', 'Person 5', 'en', '+14155550105', NULL, NULL, NULL, NULL, 'person-5@customer.example', 33, '2026-11-25 03:26:22.409574+00', '2026-11-25 03:26:22.409574+00'),
	(7, 'c-6', 'Person 6', 'en', '+14155550106', NULL, NULL, NULL, NULL, NULL, 1, '2026-11-25 03:26:22.409574+00', '2026-11-25 03:26:22.409574+00'),
	(8, 'c-7', 'Person 7', 'en', '+14155550107', NULL, NULL, NULL, NULL, NULL, 1, '2026-11-25 03:26:22.409574+00', '2026-11-25 03:26:22.409574+00'),
	(9, 'c-8', 'Person 8', 'en', '+14155550108', NULL, NULL, 'user-8', NULL, NULL, 9, '2026-11-25 03:26:22.409574+00', '2026-11-25 03:26:22.409574+00'),
	(10, 'c-9', 'Person 9', 'en', '+14155550109', NULL, NULL, NULL, NULL, NULL, 1, '2026-11-25 03:26:22.409574+00', '2026-11-25 03:26:22.409574+00'),
	(11, 'c-10', 'Person 10', 'en', '+14155550110', NULL, NULL, NULL, NULL, 'person-10@customer.example', 33, '2026-11-25 03:26:22.409574+00', '2026-11-25 03:26:22.409574+00'),
	(12, 'c-11', 'Person 11', 'en', '+14155550111', NULL, NULL, NULL, NULL, NULL, 1, '2026-11-25 03:26:22.409574+00', '2026-11-25 03:26:22.409574+00'),
	(13, 'c-12', 'Person 12', 'en', '+14155550112', NULL, NULL, 'user-12', NULL, NULL, 9, '2026-11-25 03:26:22.409574+00', '2026-11-25 03:26:22.409574+00'),
	(14, 'c-13', 'Person 13', 'en', '+14155550113', NULL, NULL, NULL, NULL, NULL, 1, '2026-11-25 03:26:22.409574+00', '2026-11-25 03:26:22.409574+00'),
	(15, 'c-14', 'Person 14', 'en', '+14155550114', NULL, NULL, NULL, NULL, NULL, 1, '2026-11-25 03:26:22.409574+00', '2026-11-25 03:26:22.409574+00'),
	(16, 'c-15', 'Person 15', 'en', '+14155550115', NULL, NULL, NULL, NULL, 'person-15@customer.example', 33, '2026-11-25 03:26:22.409574+00', '2026-11-25 03:26:22.409574+00'),
	(17, 'c-16', 'Person 16', 'en', '+14155550116', NULL, NULL, 'user-16', NULL, NULL, 9, '2026-11-25 03:26:22.409574+00', '2026-11-25 03:26:22.409574+00'),
	(18, 'c-17', 'Person 17', 'en', '+14155550117', NULL, NULL, NULL, NULL, NULL, 1, '2026-11-25 03:26:22.409574+00', '2026-11-25 03:26:22.409574+00'),
	(19, 'c-18', 'Person 18', 'en', '+14155550118', NULL, NULL, NULL, NULL, NULL, 1, '2026-11-25 03:26:22.409574+00', '2026-11-25 03:26:22.409574+00'),
	(20, 'c-19', 'Person 19', 'en', '+14155550119', NULL, NULL, NULL, NULL, NULL, 1, '2026-11-25 03:26:22.409574+00', '2026-11-25 03:26:22.409574+00'),
	(21, 'c-20', 'Person 20', 'en', '+14155550120', NULL, NULL, 'user-20', NULL, 'person-20@customer.example', 41, '2026-11-25 03:26:22.409574+00', '2026-11-25 03:26:22.409574+00'),
	(22, 'c-21', 'Person 21', 'en', '+14155550121', NULL, NULL, NULL, NULL, NULL, 1, '2026-11-25 03:26:22.409574+00', '2026-11-25 03:26:22.409574+00'),
	(23, 'c-22', 'Person 22', 'en', '+14155550122', NULL, NULL, NULL, NULL, NULL, 1, '2026-11-25 03:26:22.409574+00', '2026-11-25 03:26:22.409574+00'),
	(24, 'c-23', 'Person 23', 'en', '+14155550123', NULL, NULL, NULL, NULL, NULL, 1, '2026-11-25 03:26:22.409574+00', '2026-11-25 03:26:22.409574+00'),
	(25, 'c-24', 'Person 24', 'en', '+14155550124', NULL, NULL, 'user-24', NULL, NULL, 9, '2026-11-25 03:26:22.409574+00', '2026-11-25 03:26:22.409574+00'),
	(26, 'c-25', 'Person 25', 'en', '+14155550125', NULL, NULL, NULL, NULL, 'person-25@customer.example', 33, '2026-11-25 03:26:22.409574+00', '2026-11-25 03:26:22.409574+00'),
	(27, 'c-26', 'Person 26', 'en', '+14155550126', NULL, NULL, NULL, NULL, NULL, 1, '2026-11-25 03:26:22.409574+00', '2026-11-25 03:26:22.409574+00'),
	(28, 'c-27', 'Person 27', 'en', '+14155550127', NULL, NULL, NULL, NULL, NULL, 1, '2026-11-25 03:26:22.409574+00', '2026-11-25 03:26:22.409574+00'),
	(29, 'c-28', 'Person 28', 'en', '+14155550128', NULL, NULL, 'user-28', NULL, NULL, 9, '2026-11-25 03:26:22.409574+00', '2026-11-25 03:26:22.409574+00'),
	(30, 'c-29', 'Person 29', 'en', '+14155550129', NULL, NULL, NULL, NULL, NULL, 1, '2026-11-25 03:26:22.409574+00', '2026-11-25 03:26:22.409574+00'),
	(31, 'c-30', 'Person 30', 'en', '+14155550130', NULL, NULL, NULL, NULL, 'person-30@customer.example', 33, '2026-11-25 03:26:22.409574+00', '2026-11-25 03:26:22.409574+00'),
	(32, 'c-31', 'Person 31', 'en', '+14155550131', NULL, NULL, NULL, NULL, NULL, 1, '2026-11-25 03:26:22.409574+00', '2026-11-25 03:26:22.409574+00'),
	(33, 'c-32', 'Person 32', 'en', '+14155550132', NULL, NULL, 'user-32', NULL, NULL, 9, '2026-11-25 03:26:22.409574+00', '2026-11-25 03:26:22.409574+00'),
	(34, 'c-33', 'Person 33', 'en', '+14155550133', NULL, NULL, NULL, NULL, NULL, 1, '2026-11-25 03:26:22.409574+00', '2026-11-25 03:26:22.409574+00'),
	(35, 'c-34', 'Person 34', 'en', '+14155550134', NULL, NULL, NULL, NULL, NULL, 1, '2026-11-25 03:26:22.409574+00', '2026-11-25 03:26:22.409574+00'),
	(36, 'c-35', 'Person 35', 'en', '+14155550135', NULL, NULL, NULL, NULL, 'person-35@customer.example', 33, '2026-11-25 03:26:22.409574+00', '2026-11-25 03:26:22.409574+00'),
	(37, 'c-36', 'Person 36', 'en', '+14155550136', NULL, NULL, 'user-36', NULL, NULL, 9, '2026-11-25 03:26:22.409574+00', '2026-11-25 03:26:22.409574+00'),
	(38, 'c-37', 'Person 37', 'en', '+14155550137', NULL, NULL, NULL, NULL, NULL, 1, '2026-11-25 03:26:22.409574+00', '2026-11-25 03:26:22.409574+00'),
	(39, 'c-38', 'Person 38', 'en', '+14155550138', NULL, NULL, NULL, NULL, NULL, 1, '2026-11-25 03:26:22.409574+00', '2026-11-25 03:26:22.409574+00'),
	(40, 'c-39', 'Person 39', 'en', '+14155550139', NULL, NULL, NULL, NULL, NULL, 1, '2026-11-25 03:26:22.409574+00', '2026-11-25 03:26:22.409574+00'),
	(41, 'c-40', 'Person 40', 'en', '+14155550140', NULL, NULL, 'user-40', NULL, 'person-40@customer.example', 41, '2026-11-25 03:26:22.409574+00', '2026-11-25 03:26:22.409574+00'),
	(42, 'c-41', 'Person 41', 'en', '+14155550141', NULL, NULL, NULL, NULL, NULL, 1, '2026-11-25 03:26:22.409574+00', '2026-11-25 03:26:22.409574+00'),
	(43, 'c-42', 'Person 42', 'en', '+14155550142', NULL, NULL, NULL, NULL, NULL, 1, '2026-11-25 03:26:22.409574+00', '2026-11-25 03:26:22.409574+00'),
	(44, 'c-43', 'Person 43', 'en', '+14155550143', NULL, NULL, NULL, NULL, NULL, 1, '2026-11-25 03:26:22.409574+00', '2026-11-25 03:26:22.409574+00'),
	(45, 'c-44', 'Person 44', 'en', '+14155550144', NULL, NULL, 'user-44', NULL, NULL, 9, '2026-11-25 03:26:22.409574+00', '2026-11-25 03:26:22.409574+00'),
	(46, 'c-45', 'Person 45', 'en', '+14155550145', NULL, NULL, NULL, NULL, 'person-45@customer.example', 33, '2026-11-25 03:26:22.409574+00', '2026-11-25 03:26:22.409574+00'),
	(47, 'c-46', 'Person 46', 'en', '+14155550146', NULL, NULL, NULL, NULL, NULL, 1, '2026-11-25 03:26:22.409574+00', '2026-11-25 03:26:22.409574+00'),
	(48, 'c-47', 'Person 47', 'en', '+14155550147', NULL, NULL, NULL, NULL, NULL, 1, '2026-11-25 03:26:22.409574+00', '2026-11-25 03:26:22.409574+00'),
	(49, 'c-48', 'Person 48', 'en', '+14155550148', NULL, NULL, 'user-48', NULL, NULL, 9, '2026-11-25 03:26:22.409574+00', '2026-11-25 03:26:22.409574+00'),
	(50, 'c-49', 'Person 49', 'en', '+14155550149', NULL, NULL, NULL, NULL, NULL, 1, '2026-11-25 03:26:22.409574+00', '2026-11-25 03:26:22.409574+00'),
	(51, 'c-50', 'Person 50', 'en', '+14155550150', NULL, NULL, NULL, NULL, 'person-50@customer.example', 33, '2026-11-25 03:26:22.409574+00', '2026-11-25 03:26:22.409574+00'),
	(52, 'c-51', 'Person 51', 'en', '+14155550151', NULL, NULL, NULL, NULL, NULL, 1, '2026-11-25 03:26:22.409574+00', '2026-11-25 03:26:22.409574+00'),
	(53, 'c-52', 'Person 52', 'en', '+14155550152', NULL, NULL, 'user-52', NULL, NULL, 9, '2026-11-25 03:26:22.409574+00', '2026-11-25 03:26:22.409574+00'),
	(54, 'c-53', 'Person 53', 'en', '+14155550153', NULL, NULL, NULL, NULL, NULL, 1, '2026-11-25 03:26:22.409574+00', '2026-11-25 03:26:22.409574+00'),
	(55, 'c-54', 'Person 54', 'en', '+14155550154', NULL, NULL, NULL, NULL, NULL, 1, '2026-11-25 03:26:22.409574+00', '2026-11-25 03:26:22.409574+00'),
	(56, 'c-55', 'Person 55', 'en', '+14155550155', NULL, NULL, NULL, NULL, 'person-55@customer.example', 33, '2026-11-25 03:26:22.409574+00', '2026-11-25 03:26:22.409574+00'),
	(57, 'c-56', 'Person 56', 'en', '+14155550156', NULL, NULL, 'user-56', NULL, NULL, 9, '2026-11-25 03:26:22.409574+00', '2026-11-25 03:26:22.409574+00'),
	(58, 'c-57', 'Person 57', 'en', '+14155550157', NULL, NULL, NULL, NULL, NULL, 1, '2026-11-25 03:26:22.409574+00', '2026-11-25 03:26:22.409574+00'),
	(59, 'c-58', 'Person 58', 'en', '+14155550158', NULL, NULL, NULL, NULL, NULL, 1, '2026-11-25 03:26:22.409574+00', '2026-11-25 03:26:22.409574+00'),
	(60, 'c-59', 'Person 59', 'en', '+14155550159', NULL, NULL, NULL, NULL, NULL, 1, '2026-11-25 03:26:22.409574+00', '2026-11-25 03:26:22.409574+00'),
	(61, 'c-60', 'Person 60', 'en', '+14155550160', NULL, NULL, 'user-60', NULL, 'person-60@customer.example', 41, '2026-11-25 03:26:22.409574+00', '2026-11-25 03:26:22.409574+00'),
	(62, 'c-61', 'Person 61', 'en', '+14155550161', NULL, NULL, NULL, NULL, NULL, 1, '2026-11-25 03:26:22.409574+00', '2026-11-25 03:26:22.409574+00'),
	(63, 'c-62', 'Person 62', 'en', '+14155550162', NULL, NULL, NULL, NULL, NULL, 1, '2026-11-25 03:26:22.409574+00', '2026-11-25 03:26:22.409574+00'),
	(64, 'c-63', 'Person 63', 'en', '+14155550163', NULL, NULL, NULL, NULL, NULL, 1, '2026-11-25 03:26:22.409574+00', '2026-11-25 03:26:22.409574+00'),
	(65, 'c-64', 'Person 64', 'en', '+14155550164', NULL, NULL, 'user-64', NULL, NULL, 9, '2026-11-25 03:26:22.409574+00', '2026-11-25 03:26:22.409574+00'),
	(66, 'c-65', 'Person 65', 'en', '+14155550165', NULL, NULL, NULL, NULL, 'person-65@customer.example', 33, '2026-11-25 03:26:22.409574+00', '2026-11-25 03:26:22.409574+00'),
	(67, 'c-66', 'Person 66', 'en', '+14155550166', NULL, NULL, NULL, NULL, NULL, 1, '2026-11-25 03:26:22.409574+00', '2026-11-25 03:26:22.409574+00'),
	(68, 'c-67', 'Person 67', 'en', '+14155550167', NULL, NULL, NULL, NULL, NULL, 1, '2026-11-25 03:26:22.409574+00', '2026-11-25 03:26:22.409574+00'),
	(69, 'c-68', 'Person 68', 'en', '+14155550168', NULL, NULL, 'user-68', NULL, NULL, 9, '2026-11-25 03:26:22.409574+00', '2026-11-25 03:26:22.409574+00'),
	(70, 'c-69', 'Person 69', 'en', '+14155550169', NULL, NULL, NULL, NULL, NULL, 1, '2026-11-25 03:26:22.409574+00', '2026-11-25 03:26:22.409574+00'),
	(71, 'c-70', 'Person 70', 'en', '+14155550170', NULL, NULL, NULL, NULL, 'person-70@customer.example', 33, '2026-11-25 03:26:22.409574+00', '2026-11-25 03:26:22.409574+00'),
	(72, 'c-71', 'Person 71', 'en', '+14155550171', NULL, NULL, NULL, NULL, NULL, 1, '2026-11-25 03:26:22.409574+00', '2026-11-25 03:26:22.409574+00'),
	(73, 'c-72', 'Person 72', 'en', '+14155550172', NULL, NULL, 'user-72', NULL, NULL, 9, '2026-11-25 03:26:22.409574+00', '2026-11-25 03:26:22.409574+00'),
	(74, 'c-73', 'Person 73', 'en', '+14155550173', NULL, NULL, NULL, NULL, NULL, 1, '2026-11-25 03:26:22.409574+00', '2026-11-25 03:26:22.409574+00'),
	(75, 'c-74', 'Person 74', 'en', '+14155550174', NULL, NULL, NULL, NULL, NULL, 1, '2026-11-25 03:26:22.409574+00', '2026-11-25 03:26:22.409574+00'),
	(76, 'c-75', 'Person 75', 'en', '+14155550175', NULL, NULL, NULL, NULL, 'person-75@customer.example', 33, '2026-11-25 03:26:22.409574+00', '2026-11-25 03:26:22.409574+00'),
	(77, 'c-76', 'Person 76', 'en', '+14155550176', NULL, NULL, 'user-76', NULL, NULL, 9, '2026-11-25 03:26:22.409574+00', '2026-11-25 03:26:22.409574+00'),
	(78, 'c-77', 'Person 77', 'en', '+14155550177', NULL, NULL, NULL, NULL, NULL, 1, '2026-11-25 03:26:22.409574+00', '2026-11-25 03:26:22.409574+00'),
	(79, 'c-78', 'Person 78', 'en', '+14155550178', NULL, NULL, NULL, NULL, NULL, 1, '2026-11-25 03:26:22.409574+00', '2026-11-25 03:26:22.409574+00'),
	(80, 'c-79', 'Person 79', 'en', '+14155550179', NULL, NULL, NULL, NULL, NULL, 1, '2026-11-25 03:26:22.409574+00', '2026-11-25 03:26:22.409574+00'),
	(81, 'c-80', 'Person 80', 'en', '+14155550180', NULL, NULL, 'user-80', NULL, 'person-80@customer.example', 41, '2026-11-25 03:26:22.409574+00', '2026-11-25 03:26:22.409574+00'),
	(82, 'c-81', 'Person 81', 'en', '+14155550181', NULL, NULL, NULL, NULL, NULL, 1, '2026-11-25 03:26:22.409574+00', '2026-11-25 03:26:22.409574+00'),
	(83, 'c-82', 'Person 82', 'en', '+14155550182', NULL, NULL, NULL, NULL, NULL, 1, '2026-11-25 03:26:22.409574+00', '2026-11-25 03:26:22.409574+00'),
	(84, 'c-83', 'Person 83', 'en', '+14155550183', NULL, NULL, NULL, NULL, NULL, 1, '2026-11-25 03:26:22.409574+00', '2026-11-25 03:26:22.409574+00'),
	(85, 'c-84', 'Person 84', 'en', '+14155550184', NULL, NULL, 'user-84', NULL, NULL, 9, '2026-11-25 03:26:22.409574+00', '2026-11-25 03:26:22.409574+00'),
	(86, 'c-85', 'Person 85', 'en', '+14155550185', NULL, NULL, NULL, NULL, 'person-85@customer.example', 33, '2026-11-25 03:26:22.409574+00', '2026-11-25 03:26:22.409574+00'),
	(87, 'c-86', 'Person 86', 'en', '+14155550186', NULL, NULL, NULL, NULL, NULL, 1, '2026-11-25 03:26:22.409574+00', '2026-11-25 03:26:22.409574+00'),
	(88, 'c-87', 'Person 87', 'en', '+14155550187', NULL, NULL, NULL, NULL, NULL, 1, '2026-11-25 03:26:22.409574+00', '2026-11-25 03:26:22.409574+00'),
	(89, 'c-88', 'Person 88', 'en', '+14155550188', NULL, NULL, 'user-88', NULL, NULL, 9, '2026-11-25 03:26:22.409574+00', '2026-11-25 03:26:22.409574+00'),
	(90, 'c-89', 'Person 89', 'en', '+14155550189', NULL, NULL, NULL, NULL, NULL, 1, '2026-11-25 03:26:22.409574+00', '2026-11-25 03:26:22.409574+00'),
	(91, 'c-90', 'Person 90', 'en', '+14155550190', NULL, NULL, NULL, NULL, 'person-90@customer.example', 33, '2026-11-25 03:26:22.409574+00', '2026-11-25 03:26:22.409574+00'),
	(92, 'c-91', 'Person 91', 'en', '+14155550191', NULL, NULL, NULL, NULL, NULL, 1, '2026-11-25 03:26:22.409574+00', '2026-11-25 03:26:22.409574+00'),
	(93, 'c-92', 'Person 92', 'en', '+14155550192', NULL, NULL, 'user-92', NULL, NULL, 9, '2026-11-25 03:26:22.409574+00', '2026-11-25 03:26:22.409574+00'),
	(94, 'c-93', 'Person 93', 'en', '+14155550193', NULL, NULL, NULL, NULL, NULL, 1, '2026-11-25 03:26:22.409574+00', '2026-11-25 03:26:22.409574+00'),
	(95, 'c-94', 'Person 94', 'en', '+14155550194', NULL, NULL, NULL, NULL, NULL, 1, '2026-11-25 03:26:22.409574+00', '2026-11-25 03:26:22.409574+00'),
	(96, 'c-95', 'Person 95', 'en', '+14155550195', NULL, NULL, NULL, NULL, 'person-95@customer.example', 33, '2026-11-25 03:26:22.409574+00', '2026-11-25 03:26:22.409574+00'),
	(97, 'c-96', 'Person 96', 'en', '+14155550196', NULL, NULL, 'user-96', NULL, NULL, 9, '2026-11-25 03:26:22.409574+00', '2026-11-25 03:26:22.409574+00'),
	(98, 'c-97', 'Person 97', 'en', '+14155550197', NULL, NULL, NULL, NULL, NULL, 1, '2026-11-25 03:26:22.409574+00', '2026-11-25 03:26:22.409574+00'),
	(99, 'c-98', 'Person 98', 'en', '+14155550198', NULL, NULL, NULL, NULL, NULL, 1, '2026-11-25 03:26:22.409574+00', '2026-11-25 03:26:22.409574+00'),
	(100, 'c-99', 'Person 99', 'en', '+14155550199', NULL, NULL, NULL, NULL, NULL, 1, '2026-11-25 03:26:22.409574+00', '2026-11-25 03:26:22.409574+00');
INSERT INTO public.recipient_tag VALUES
	('eu', 1),
	('eu', 2),
	('eu', 3),
	('eu', 4),
	('eu', 5),
	('eu', 6),
	('eu', 7),
	('eu', 8),
	('eu', 9),
	('eu', 10),
	('eu', 11),
	('eu', 12),
	('eu', 13),
	('eu', 14),
	('eu', 15),
	('eu', 16),
	('eu', 17),
	('eu', 18),
	('eu', 19),
	('eu', 20),
	('enterprise', 21),
	('enterprise', 22),
	('enterprise', 23),
	('enterprise', 24),
	('enterprise', 25),
	('enterprise', 26),
	('enterprise', 27),
	('enterprise', 28),
	('enterprise', 29),
	('enterprise', 30),
	('enterprise', 31),
	('enterprise', 32),
	('enterprise', 33),
	('enterprise', 34),
	('enterprise', 35),
	('enterprise', 36),
	('enterprise', 37),
	('enterprise', 38),
	('enterprise', 39),
	('enterprise', 40),
	('enterprise', 41),
	('enterprise', 42),
	('enterprise', 43),
	('enterprise', 44),
	('enterprise', 45),
	('enterprise', 46),
	('enterprise', 47),
	('enterprise', 48),
	('enterprise', 49),
	('enterprise', 50),
	('enterprise', 51),
	('enterprise', 52),
	('enterprise', 53),
	('enterprise', 54),
	('enterprise', 55),
	('enterprise', 56),
	('enterprise', 57),
	('enterprise', 58),
	('enterprise', 59),
	('enterprise', 60),
	('enterprise', 61),
	('enterprise', 62),
	('enterprise', 63),
	('enterprise', 64),
	('enterprise', 65),
	('enterprise', 66),
	('enterprise', 67),
	('enterprise', 68),
	('enterprise', 69),
	('enterprise', 70),
	('enterprise', 71),
	('enterprise', 72),
	('enterprise', 73),
	('enterprise', 74),
	('enterprise', 75),
	('enterprise', 76),
	('enterprise', 77),
	('enterprise', 78),
	('enterprise', 79),
	('enterprise', 80),
	('enterprise', 81),
	('enterprise', 82),
	('enterprise', 83),
	('enterprise', 84),
	('enterprise', 85),
	('enterprise', 86),
	('enterprise', 87),
	('enterprise', 88),
	('enterprise', 89),
	('enterprise', 90),
	('enterprise', 91),
	('enterprise', 92),
	('enterprise', 93),
	('enterprise', 94),
	('enterprise', 95),
	('enterprise', 96),
	('enterprise', 97),
	('enterprise', 98),
	('enterprise', 99),
	('enterprise', 100);
INSERT INTO public.words VALUES
	(1, 1, 'sms', 'en', 'en', 'messages/default/opened/sms.j2', '', 'Northwind: Parts of our service are slow or cannot be reached right now. If something does not work, please wait and try again later. Next news by 10:56 PM EST. Reply STOP to opt out.', ''),
	(2, 1, 'sms', 'de', 'de', 'messages/default/opened/sms.de.j2', '', 'Northwind: Teile unseres Dienstes sind gerade langsam oder nicht erreichbar. Wenn etwas nicht geht, warten Sie bitte und versuchen Sie es später noch einmal. Mehr bis 22:56 EST. Keine SMS mehr: STOP antworten.', ''),
	(3, 1, 'chat', 'en', 'en', 'messages/default/opened/chat.j2', 'Problem with our service', 'Parts of our service are slow or cannot be reached right now.
What you can do now: If something does not work, please wait and try again later.
Where we are: we are looking for the cause.
You hear from us again by 10:56 PM EST.', ''),
	(4, 1, 'chat', 'de', 'de', 'messages/default/opened/chat.de.j2', 'Störung: unser Dienst', 'Teile unseres Dienstes sind gerade langsam oder nicht erreichbar.
Was Sie jetzt tun können: Wenn etwas nicht geht, warten Sie bitte und versuchen Sie es später noch einmal.
Wo wir stehen: wir suchen die Ursache.
Sie hören wieder von uns bis 22:56 EST.', ''),
	(5, 1, 'inapp', 'en', 'en', 'messages/default/opened/inapp.j2', 'Problem with our service', 'Parts of our service are slow or cannot be reached right now. If something does not work, please wait and try again later.
You hear from us again by 10:56 PM EST.', ''),
	(6, 1, 'inapp', 'de', 'de', 'messages/default/opened/inapp.de.j2', 'Störung: unser Dienst', 'Teile unseres Dienstes sind gerade langsam oder nicht erreichbar. Wenn etwas nicht geht, warten Sie bitte und versuchen Sie es später noch einmal.
Sie hören wieder von uns bis 22:56 EST.', ''),
	(7, 1, 'email', 'en', 'en', 'messages/default/opened/email.j2', 'Problem with our service', 'Hello ,Hello,
Parts of our service are slow or cannot be reached right now.
What you can do now: If something does not work, please wait and try again later.
Where we are: We are looking for the cause.
When you hear from us again: by 10:56 PM EST.
We are sorry for the trouble this gives you.
The Northwind team', '<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Problem with our service</title>
</head>
<body style="margin: 0; padding: 24px 16px; font: 16px/1.5 system-ui, -apple-system, ''Segoe UI'', sans-serif;">
<main style="max-width: 36em; margin: 0 auto;">
<h1 style="font-size: 20px; line-height: 1.3; margin: 0 0 16px;">Problem with our service</h1>
<p>Hello ,Hello,</p>
<p>Parts of our service are slow or cannot be reached right now.</p>
<p><strong>What you can do now:</strong> If something does not work, please wait and try again later.</p>
<p><strong>Where we are:</strong> We are looking for the cause.</p>
<p><strong>When you hear from us again:</strong> by 10:56 PM EST.</p>
<p>We are sorry for the trouble this gives you.</p>
<p>The Northwind team</p>
<hr style="border: 0; border-top: 1px solid #767676; margin: 24px 0 8px;">
<p style="font-size: 14px; margin: 0;">Northwind</p>
</main>
</body>
</html>'),
	(8, 1, 'email', 'de', 'de', 'messages/default/opened/email.de.j2', 'Störung: unser Dienst', 'Guten Tag ,Guten Tag,
Teile unseres Dienstes sind gerade langsam oder nicht erreichbar.
Was Sie jetzt tun können: Wenn etwas nicht geht, warten Sie bitte und versuchen Sie es später noch einmal.
Wo wir stehen: Wir suchen die Ursache.
Wann Sie wieder von uns hören: bis 22:56 EST.
Es tut uns leid, dass Sie dadurch Umstände haben.
Ihr Team von Northwind', '<!DOCTYPE html>
<html lang="de">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Störung: unser Dienst</title>
</head>
<body style="margin: 0; padding: 24px 16px; font: 16px/1.5 system-ui, -apple-system, ''Segoe UI'', sans-serif;">
<main style="max-width: 36em; margin: 0 auto;">
<h1 style="font-size: 20px; line-height: 1.3; margin: 0 0 16px;">Störung: unser Dienst</h1>
<p>Guten Tag ,Guten Tag,</p>
<p>Teile unseres Dienstes sind gerade langsam oder nicht erreichbar.</p>
<p><strong>Was Sie jetzt tun können:</strong> Wenn etwas nicht geht, warten Sie bitte und versuchen Sie es später noch einmal.</p>
<p><strong>Wo wir stehen:</strong> Wir suchen die Ursache.</p>
<p><strong>Wann Sie wieder von uns hören:</strong> bis 22:56 EST.</p>
<p>Es tut uns leid, dass Sie dadurch Umstände haben.</p>
<p>Ihr Team von Northwind</p>
<hr style="border: 0; border-top: 1px solid #767676; margin: 24px 0 8px;">
<p style="font-size: 14px; margin: 0;">Northwind</p>
</main>
</body>
</html>'),
	(9, 2, 'sms', 'en', 'en', 'messages/default/opened/sms.j2', '', 'Northwind: Parts of our service are slow or cannot be reached right now. If something does not work, please wait and try again later. Next news by 10:56 PM EST. Reply STOP to opt out.', ''),
	(10, 2, 'sms', 'de', 'de', 'messages/default/opened/sms.de.j2', '', 'Northwind: Teile unseres Dienstes sind gerade langsam oder nicht erreichbar. Wenn etwas nicht geht, warten Sie bitte und versuchen Sie es später noch einmal. Mehr bis 22:56 EST. Keine SMS mehr: STOP antworten.', ''),
	(11, 2, 'chat', 'en', 'en', 'messages/default/opened/chat.j2', 'Problem with our service', 'Parts of our service are slow or cannot be reached right now.
What you can do now: If something does not work, please wait and try again later.
Where we are: we are looking for the cause.
You hear from us again by 10:56 PM EST.', ''),
	(12, 2, 'chat', 'de', 'de', 'messages/default/opened/chat.de.j2', 'Störung: unser Dienst', 'Teile unseres Dienstes sind gerade langsam oder nicht erreichbar.
Was Sie jetzt tun können: Wenn etwas nicht geht, warten Sie bitte und versuchen Sie es später noch einmal.
Wo wir stehen: wir suchen die Ursache.
Sie hören wieder von uns bis 22:56 EST.', ''),
	(13, 2, 'inapp', 'en', 'en', 'messages/default/opened/inapp.j2', 'Problem with our service', 'Parts of our service are slow or cannot be reached right now. If something does not work, please wait and try again later.
You hear from us again by 10:56 PM EST.', ''),
	(14, 2, 'inapp', 'de', 'de', 'messages/default/opened/inapp.de.j2', 'Störung: unser Dienst', 'Teile unseres Dienstes sind gerade langsam oder nicht erreichbar. Wenn etwas nicht geht, warten Sie bitte und versuchen Sie es später noch einmal.
Sie hören wieder von uns bis 22:56 EST.', ''),
	(15, 2, 'email', 'en', 'en', 'messages/default/opened/email.j2', 'Problem with our service', 'Hello ,Hello,
Parts of our service are slow or cannot be reached right now.
What you can do now: If something does not work, please wait and try again later.
Where we are: We are looking for the cause.
When you hear from us again: by 10:56 PM EST.
We are sorry for the trouble this gives you.
The Northwind team', '<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Problem with our service</title>
</head>
<body style="margin: 0; padding: 24px 16px; font: 16px/1.5 system-ui, -apple-system, ''Segoe UI'', sans-serif;">
<main style="max-width: 36em; margin: 0 auto;">
<h1 style="font-size: 20px; line-height: 1.3; margin: 0 0 16px;">Problem with our service</h1>
<p>Hello ,Hello,</p>
<p>Parts of our service are slow or cannot be reached right now.</p>
<p><strong>What you can do now:</strong> If something does not work, please wait and try again later.</p>
<p><strong>Where we are:</strong> We are looking for the cause.</p>
<p><strong>When you hear from us again:</strong> by 10:56 PM EST.</p>
<p>We are sorry for the trouble this gives you.</p>
<p>The Northwind team</p>
<hr style="border: 0; border-top: 1px solid #767676; margin: 24px 0 8px;">
<p style="font-size: 14px; margin: 0;">Northwind</p>
</main>
</body>
</html>'),
	(16, 2, 'email', 'de', 'de', 'messages/default/opened/email.de.j2', 'Störung: unser Dienst', 'Guten Tag ,Guten Tag,
Teile unseres Dienstes sind gerade langsam oder nicht erreichbar.
Was Sie jetzt tun können: Wenn etwas nicht geht, warten Sie bitte und versuchen Sie es später noch einmal.
Wo wir stehen: Wir suchen die Ursache.
Wann Sie wieder von uns hören: bis 22:56 EST.
Es tut uns leid, dass Sie dadurch Umstände haben.
Ihr Team von Northwind', '<!DOCTYPE html>
<html lang="de">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Störung: unser Dienst</title>
</head>
<body style="margin: 0; padding: 24px 16px; font: 16px/1.5 system-ui, -apple-system, ''Segoe UI'', sans-serif;">
<main style="max-width: 36em; margin: 0 auto;">
<h1 style="font-size: 20px; line-height: 1.3; margin: 0 0 16px;">Störung: unser Dienst</h1>
<p>Guten Tag ,Guten Tag,</p>
<p>Teile unseres Dienstes sind gerade langsam oder nicht erreichbar.</p>
<p><strong>Was Sie jetzt tun können:</strong> Wenn etwas nicht geht, warten Sie bitte und versuchen Sie es später noch einmal.</p>
<p><strong>Wo wir stehen:</strong> Wir suchen die Ursache.</p>
<p><strong>Wann Sie wieder von uns hören:</strong> bis 22:56 EST.</p>
<p>Es tut uns leid, dass Sie dadurch Umstände haben.</p>
<p>Ihr Team von Northwind</p>
<hr style="border: 0; border-top: 1px solid #767676; margin: 24px 0 8px;">
<p style="font-size: 14px; margin: 0;">Northwind</p>
</main>
</body>
</html>'),
	(17, 3, 'sms', 'en', 'en', 'messages/default/opened/sms.j2', '', 'Northwind: Parts of our service are slow or cannot be reached right now. If something does not work, please wait and try again later. Next news by 10:56 PM EST. Reply STOP to opt out.', ''),
	(18, 3, 'sms', 'de', 'de', 'messages/default/opened/sms.de.j2', '', 'Northwind: Teile unseres Dienstes sind gerade langsam oder nicht erreichbar. Wenn etwas nicht geht, warten Sie bitte und versuchen Sie es später noch einmal. Mehr bis 22:56 EST. Keine SMS mehr: STOP antworten.', ''),
	(19, 3, 'chat', 'en', 'en', 'messages/default/opened/chat.j2', 'Problem with our service', 'Parts of our service are slow or cannot be reached right now.
What you can do now: If something does not work, please wait and try again later.
Where we are: we are looking for the cause.
You hear from us again by 10:56 PM EST.', ''),
	(20, 3, 'chat', 'de', 'de', 'messages/default/opened/chat.de.j2', 'Störung: unser Dienst', 'Teile unseres Dienstes sind gerade langsam oder nicht erreichbar.
Was Sie jetzt tun können: Wenn etwas nicht geht, warten Sie bitte und versuchen Sie es später noch einmal.
Wo wir stehen: wir suchen die Ursache.
Sie hören wieder von uns bis 22:56 EST.', ''),
	(21, 3, 'inapp', 'en', 'en', 'messages/default/opened/inapp.j2', 'Problem with our service', 'Parts of our service are slow or cannot be reached right now. If something does not work, please wait and try again later.
You hear from us again by 10:56 PM EST.', ''),
	(22, 3, 'inapp', 'de', 'de', 'messages/default/opened/inapp.de.j2', 'Störung: unser Dienst', 'Teile unseres Dienstes sind gerade langsam oder nicht erreichbar. Wenn etwas nicht geht, warten Sie bitte und versuchen Sie es später noch einmal.
Sie hören wieder von uns bis 22:56 EST.', ''),
	(23, 3, 'email', 'en', 'en', 'messages/default/opened/email.j2', 'Problem with our service', 'Hello ,Hello,
Parts of our service are slow or cannot be reached right now.
What you can do now: If something does not work, please wait and try again later.
Where we are: We are looking for the cause.
When you hear from us again: by 10:56 PM EST.
We are sorry for the trouble this gives you.
The Northwind team', '<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Problem with our service</title>
</head>
<body style="margin: 0; padding: 24px 16px; font: 16px/1.5 system-ui, -apple-system, ''Segoe UI'', sans-serif;">
<main style="max-width: 36em; margin: 0 auto;">
<h1 style="font-size: 20px; line-height: 1.3; margin: 0 0 16px;">Problem with our service</h1>
<p>Hello ,Hello,</p>
<p>Parts of our service are slow or cannot be reached right now.</p>
<p><strong>What you can do now:</strong> If something does not work, please wait and try again later.</p>
<p><strong>Where we are:</strong> We are looking for the cause.</p>
<p><strong>When you hear from us again:</strong> by 10:56 PM EST.</p>
<p>We are sorry for the trouble this gives you.</p>
<p>The Northwind team</p>
<hr style="border: 0; border-top: 1px solid #767676; margin: 24px 0 8px;">
<p style="font-size: 14px; margin: 0;">Northwind</p>
</main>
</body>
</html>'),
	(24, 3, 'email', 'de', 'de', 'messages/default/opened/email.de.j2', 'Störung: unser Dienst', 'Guten Tag ,Guten Tag,
Teile unseres Dienstes sind gerade langsam oder nicht erreichbar.
Was Sie jetzt tun können: Wenn etwas nicht geht, warten Sie bitte und versuchen Sie es später noch einmal.
Wo wir stehen: Wir suchen die Ursache.
Wann Sie wieder von uns hören: bis 22:56 EST.
Es tut uns leid, dass Sie dadurch Umstände haben.
Ihr Team von Northwind', '<!DOCTYPE html>
<html lang="de">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>Störung: unser Dienst</title>
</head>
<body style="margin: 0; padding: 24px 16px; font: 16px/1.5 system-ui, -apple-system, ''Segoe UI'', sans-serif;">
<main style="max-width: 36em; margin: 0 auto;">
<h1 style="font-size: 20px; line-height: 1.3; margin: 0 0 16px;">Störung: unser Dienst</h1>
<p>Guten Tag ,Guten Tag,</p>
<p>Teile unseres Dienstes sind gerade langsam oder nicht erreichbar.</p>
<p><strong>Was Sie jetzt tun können:</strong> Wenn etwas nicht geht, warten Sie bitte und versuchen Sie es später noch einmal.</p>
<p><strong>Wo wir stehen:</strong> Wir suchen die Ursache.</p>
<p><strong>Wann Sie wieder von uns hören:</strong> bis 22:56 EST.</p>
<p>Es tut uns leid, dass Sie dadurch Umstände haben.</p>
<p>Ihr Team von Northwind</p>
<hr style="border: 0; border-top: 1px solid #767676; margin: 24px 0 8px;">
<p style="font-size: 14px; margin: 0;">Northwind</p>
</main>
</body>
</html>');
SELECT pg_catalog.setval('public.attempt_id_seq', 84, true);
SELECT pg_catalog.setval('public.broadcast_id_seq', 3, true);
SELECT pg_catalog.setval('public.delivery_id_seq', 100, true);
SELECT pg_catalog.setval('public.inbox_seq_seq', 1, false);
SELECT pg_catalog.setval('public.incident_id_seq', 3, true);
SELECT pg_catalog.setval('public.incident_update_id_seq', 3, true);
SELECT pg_catalog.setval('public.plan_class_id_seq', 8, true);
SELECT pg_catalog.setval('public.receipt_id_seq', 72, true);
SELECT pg_catalog.setval('public.recipient_id_seq', 100, true);
SELECT pg_catalog.setval('public.words_id_seq', 24, true);
ALTER TABLE ONLY public.alembic_version
    ADD CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num);
ALTER TABLE ONLY public.alert
    ADD CONSTRAINT pk_alert PRIMARY KEY (key);
ALTER TABLE ONLY public.attempt
    ADD CONSTRAINT pk_attempt PRIMARY KEY (id);
ALTER TABLE ONLY public.broadcast
    ADD CONSTRAINT pk_broadcast PRIMARY KEY (id);
ALTER TABLE ONLY public.delivery
    ADD CONSTRAINT pk_delivery PRIMARY KEY (id);
ALTER TABLE ONLY public.idempotency
    ADD CONSTRAINT pk_idempotency PRIMARY KEY (scope, key);
ALTER TABLE ONLY public.inbox
    ADD CONSTRAINT pk_inbox PRIMARY KEY (seq);
ALTER TABLE ONLY public.incident
    ADD CONSTRAINT pk_incident PRIMARY KEY (id);
ALTER TABLE ONLY public.incident_update
    ADD CONSTRAINT pk_incident_update PRIMARY KEY (id);
ALTER TABLE ONLY public.opt_out
    ADD CONSTRAINT pk_opt_out PRIMARY KEY (kind, address);
ALTER TABLE ONLY public.plan_class
    ADD CONSTRAINT pk_plan_class PRIMARY KEY (id);
ALTER TABLE ONLY public.receipt
    ADD CONSTRAINT pk_receipt PRIMARY KEY (id);
ALTER TABLE ONLY public.recipient
    ADD CONSTRAINT pk_recipient PRIMARY KEY (id);
ALTER TABLE ONLY public.recipient_tag
    ADD CONSTRAINT pk_recipient_tag PRIMARY KEY (tag, recipient_id);
ALTER TABLE ONLY public.route_state
    ADD CONSTRAINT pk_route_state PRIMARY KEY (route);
ALTER TABLE ONLY public.words
    ADD CONSTRAINT pk_words PRIMARY KEY (id);
ALTER TABLE ONLY public.attempt
    ADD CONSTRAINT uq_attempt_token UNIQUE (token);
ALTER TABLE ONLY public.broadcast
    ADD CONSTRAINT uq_broadcast_uid UNIQUE (uid);
ALTER TABLE ONLY public.broadcast
    ADD CONSTRAINT uq_broadcast_update_id UNIQUE (update_id);
ALTER TABLE ONLY public.delivery
    ADD CONSTRAINT uq_delivery_update_id_leg_subject UNIQUE (update_id, leg, subject);
ALTER TABLE ONLY public.inbox
    ADD CONSTRAINT uq_inbox_key UNIQUE (key);
ALTER TABLE ONLY public.incident_update
    ADD CONSTRAINT uq_incident_update_incident_id_number UNIQUE (incident_id, number);
ALTER TABLE ONLY public.receipt
    ADD CONSTRAINT uq_receipt_event UNIQUE (event);
ALTER TABLE ONLY public.recipient
    ADD CONSTRAINT uq_recipient_ref UNIQUE (ref);
ALTER TABLE ONLY public.words
    ADD CONSTRAINT uq_words_broadcast_id_kind_locale UNIQUE (broadcast_id, kind, locale);
CREATE INDEX ix_alert_group_key ON public.alert USING btree (group_key);
CREATE INDEX ix_alert_incident_id ON public.alert USING btree (incident_id);
CREATE INDEX ix_attempt_delivery_id ON public.attempt USING btree (delivery_id);
CREATE INDEX ix_broadcast_incident_id ON public.broadcast USING btree (incident_id);
CREATE INDEX ix_broadcast_unplanned ON public.broadcast USING btree (id) WHERE ((status)::text = 'accepted'::text);
CREATE INDEX ix_delivery_broadcast_status ON public.delivery USING btree (broadcast_id, status);
CREATE INDEX ix_delivery_due ON public.delivery USING btree (route, next_attempt_at) WHERE ((status)::text = ANY ((ARRAY['pending'::character varying, 'uncertain'::character varying])::text[]));
CREATE INDEX ix_delivery_incident_id ON public.delivery USING btree (incident_id, id);
CREATE INDEX ix_delivery_leased ON public.delivery USING btree (lease_until) WHERE ((status)::text = ANY ((ARRAY['sending'::character varying, 'asking'::character varying])::text[]));
CREATE INDEX ix_inbox_app_user_seq ON public.inbox USING btree (app_user, seq);
CREATE INDEX ix_incident_state ON public.incident USING btree (state);
CREATE INDEX ix_plan_class_broadcast_id ON public.plan_class USING btree (broadcast_id);
CREATE INDEX ix_receipt_attempt_id ON public.receipt USING btree (attempt_id);
CREATE INDEX ix_receipt_unfolded ON public.receipt USING btree (id) WHERE (folded_at IS NULL);
CREATE INDEX ix_recipient_tag_recipient_id ON public.recipient_tag USING btree (recipient_id);
ALTER TABLE ONLY public.alert
    ADD CONSTRAINT fk_alert_incident_id_incident FOREIGN KEY (incident_id) REFERENCES public.incident(id);
ALTER TABLE ONLY public.attempt
    ADD CONSTRAINT fk_attempt_delivery_id_delivery FOREIGN KEY (delivery_id) REFERENCES public.delivery(id);
ALTER TABLE ONLY public.broadcast
    ADD CONSTRAINT fk_broadcast_incident_id_incident FOREIGN KEY (incident_id) REFERENCES public.incident(id);
ALTER TABLE ONLY public.broadcast
    ADD CONSTRAINT fk_broadcast_update_id_incident_update FOREIGN KEY (update_id) REFERENCES public.incident_update(id);
ALTER TABLE ONLY public.delivery
    ADD CONSTRAINT fk_delivery_broadcast_id_broadcast FOREIGN KEY (broadcast_id) REFERENCES public.broadcast(id);
ALTER TABLE ONLY public.delivery
    ADD CONSTRAINT fk_delivery_class_id_plan_class FOREIGN KEY (class_id) REFERENCES public.plan_class(id);
ALTER TABLE ONLY public.incident_update
    ADD CONSTRAINT fk_incident_update_incident_id_incident FOREIGN KEY (incident_id) REFERENCES public.incident(id);
ALTER TABLE ONLY public.plan_class
    ADD CONSTRAINT fk_plan_class_broadcast_id_broadcast FOREIGN KEY (broadcast_id) REFERENCES public.broadcast(id);
ALTER TABLE ONLY public.recipient_tag
    ADD CONSTRAINT fk_recipient_tag_recipient_id_recipient FOREIGN KEY (recipient_id) REFERENCES public.recipient(id) ON DELETE CASCADE;
ALTER TABLE ONLY public.words
    ADD CONSTRAINT fk_words_broadcast_id_broadcast FOREIGN KEY (broadcast_id) REFERENCES public.broadcast(id);
