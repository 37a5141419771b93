"""Codes of what the dealer's records and the API's answers say about a record."""

from migrate.model.findings import Code

_LOOK = "retry: it is looked for first, and sent only if it is not there"

PLANNING = (
    Code(
        "only_sites",
        "the file given to --only-sites names sites that no input has, or rows of the inputs name no site",
        "mend the ids in that file or in those rows, or add the input that has these sites",
    ),
    Code(
        "differs",
        "the dealer has the record, different, and it was left alone (--on-existing skip)",
        "look at what differs; --on-existing update takes your values, or mend the source",
    ),
    Code(
        "exists_different",
        "the dealer has the record, different, and --on-existing fail was asked for",
        "mend the source, or the record at the dealer; --on-existing update takes your values",
    ),
    Code(
        "not_updatable",
        "the dealer has the record, and what differs is a field that the API can't change",
        "delete the record at the dealer by hand and plan again, or mend the source",
    ),
    Code(
        "twice_at_dealer",
        "the dealer has several records with this id; none of them is ever picked",
        "leave one of them at the dealer, by hand, and run again",
    ),
    Code(
        "at_another_site",
        "the dealer has a device with this id at another site",
        "if the device moved, delete the old one at the dealer by hand",
    ),
    Code(
        "other_place",
        "the dealer's site with this id has another name and another address, so it may be another customer's",
        "compare the two; if they are two customers, give one of them another external site id before you apply",
    ),
    Code(
        "incomplete_list",
        "it can't be shown that the API gave the whole list of a site's devices, so new ones may be there already",
        "run again; if it stays so, ask the API's support about its paging",
    ),
)
"""What planning finds when it compares the records with those that the dealer has."""

SENDING = (
    Code("http_400", "the API found fault with the record; its message says what", "mend the row and retry"),
    Code("http_401", "the API refused the access token twice", "check the credentials, then resume"),
    Code(
        "http_403",
        "the API does not let these credentials do this, for this record or site",
        "ask who manages the dealer's access; a device that another partner registered may be read-only",
    ),
    Code("http_404", "what the record belongs to is gone at the dealer", "plan again"),
    Code(
        "http_408",
        "the API gave up waiting for the request; it was looked for and is not there",
        "retry the rows that need attention",
    ),
    Code(
        "http_409",
        "the API says that the record clashes with one that it has, and it is not there under this id",
        "see in the message what it clashes with; mend the row and retry",
    ),
    Code("http_413", "one record alone is too large for the API", "make its texts shorter"),
    Code("http_422", "the API can't take a value of the record; its message says which", "mend the row and retry"),
    Code("http_429", "the API's rate limit, for longer than the run waited", "retry with a lower --rate"),
    Code("http_500", "the API failed; the record was looked for and is not there", "retry"),
    Code("http_502", "a gateway in front of the API failed; the record was looked for and is not there", "retry"),
    Code("http_503", "the API is not available; the record was looked for and is not there", "retry"),
    Code("http_504", "a gateway waited in vain for the API; the record was looked for and is not there", "retry"),
    Code(
        "redirect",
        "the API answered with a redirect, which is never followed, because it would take the token along",
        "check CHEKT_BASE_URL",
    ),
    Code("rejected", "the API refused one device of a batch without a status", "see its message; mend and retry"),
    Code("unreachable", "no connection to the API could be made", "check the network, then retry"),
    Code("timeout", "the API did not answer in time, and what became of the request can't be learnt", _LOOK),
    Code("connection_lost", "the connection broke before the answer was whole", _LOOK),
    Code(
        "unreadable_answer",
        "the answer is not what the API sends: a login page, a proxy's page, a part of an answer",
        "see that nothing stands between this machine and the API, then retry",
    ),
    Code("no_answer", "the run ended before the answer was understood, and the record can't be looked for", _LOOK),
    Code("no_result", "the answer to a batch does not say what became of this device", _LOOK),
    Code(
        "other_id",
        "the answer to a batch is about ids that were not sent: the API may keep ids in a way of its own",
        "look at the site's devices at the dealer before you retry",
    ),
    Code(
        "stored_differently",
        "the record was made, and the API keeps a field otherwise than it was sent",
        "see in the message which; mend it at the dealer if it matters",
    ),
    Code(
        "sent_again",
        "the record was made by a second sending, after the answer to the first was lost and it was not to be found; "
        "the first may still be carried out, late",
        "apply the same files again in some minutes: twice_at_dealer tells if it is there twice by then",
    ),
    Code(
        "extra_result",
        "answers to batches told of devices that were not sent; they were ignored",
        "nothing to do; tell the API's support",
    ),
    Code(
        "twice_in_answer",
        "answers to batches told of one device twice, so the device was looked for at the dealer",
        "nothing to do; tell the API's support",
    ),
    Code(
        "wrong_counts",
        "the counts in answers to batches disagree with the results beside them; the results were followed",
        "nothing to do; tell the API's support",
    ),
    Code(
        "not_activated",
        "the site is there, and not activated as it was meant",
        "mend its devices that are not in, then retry; or look at it in the portal",
    ),
)
"""What sending comes to; any other status of the API stands as `http_` and its number."""
