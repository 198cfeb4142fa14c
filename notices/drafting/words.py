"""The elements of a notice in the words of their statute, and in two or three words of our own."""

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from notices.law import Ground

Words = str | Promise

DMCA: dict[str, Words] = {
    "signature": lazy(
        "A physical or electronic signature of a person authorized to act on behalf of the owner of"
        " an exclusive right that is allegedly infringed."
    ),
    "work_identification": lazy(
        "Identification of the copyrighted work claimed to have been infringed, or, if multiple"
        " works at a single online site are covered, a representative list of such works."
    ),
    "location": lazy(
        "Identification of the material that is claimed to be infringing, and information"
        " reasonably sufficient to permit the service provider to locate the material."
    ),
    "contact": lazy(
        "Information reasonably sufficient to permit the service provider to contact the"
        " complaining party, such as an address, telephone number, and electronic mail address."
    ),
    "good_faith_statement": lazy(
        "A statement that the complaining party has a good faith belief that use of the material in"
        " the manner complained of is not authorized by the copyright owner, its agent, or the law."
    ),
    "accuracy_authority_statement": lazy(
        "A statement that the information in the notification is accurate, and under penalty of"
        " perjury, that the complaining party is authorized to act on behalf of the owner."
    ),
    "owner_name": lazy("The name of the copyright owner: asked by forms, not by the statute."),
}
TIDA: dict[str, Words] = {
    "signature": lazy(
        "A physical or electronic signature of the identifiable individual (or an authorized person"
        " acting on behalf of such individual)."
    ),
    "location": lazy(
        "An identification of, and information reasonably sufficient for the covered platform to"
        " locate, the intimate visual depiction of the identifiable individual."
    ),
    "nonconsent_statement": lazy(
        "A brief statement that the identifiable individual has a good faith belief that the"
        " depiction is not consensual."
    ),
    "context_facts": lazy(
        "Any relevant information for the covered platform to determine that the depiction was"
        " published without the consent of the identifiable individual."
    ),
    "contact": lazy(
        "Information sufficient to enable the covered platform to contact the identifiable"
        " individual (or an authorized person acting on behalf of such individual)."
    ),
}
DSA: dict[str, Words] = {
    "illegality_explanation": lazy(
        "A sufficiently substantiated explanation of the reasons why the information in question is"
        " alleged to be illegal content."
    ),
    "location": lazy(
        "A clear indication of the exact electronic location of that information, such as the exact"
        " URL or URLs, and, where necessary, additional information enabling its identification."
    ),
    "notifier_name_email": lazy(
        "The name and email address of the individual or entity submitting the notice."
    ),
    "bona_fide_statement": lazy(
        "A statement confirming the bona fide belief of the individual or entity submitting the"
        " notice that the information and allegations contained therein are accurate and complete."
    ),
}
UK: dict[str, Words] = {
    "declares_intimate_image_content": lazy(
        "A declaration that the content present on the service is intimate image content."
    ),
    "declares_subject_or_on_behalf": lazy(
        "A declaration that the report is made by the subject of the content or by a person acting"
        " on that person's behalf."
    ),
    "declares_good_faith_true": lazy(
        "A declaration that the report is made in good faith and is true to the best of the"
        " reporter's knowledge and belief."
    ),
    "location": lazy("Enough information to identify the content."),
    "contact": lazy("Contact details of the person making the report."),
}
GDPR: dict[str, Words] = {
    "right_invoked": lazy("The right that is exercised: erasure of data unlawfully processed."),
    "location": lazy("The data concerned, by their exact location."),
    "data_subject_link": lazy("What lets the controller find the data: no more than necessary."),
    "mandate": lazy("The mandate of the body that acts for the data subject."),
}
POLICY: dict[str, Words] = {
    "location": lazy("The exact location of the material."),
    "rule_broken": lazy("Which of the platform's own rules is broken."),
    "nonconsent_statement": lazy("That the person shown did not agree to the publication."),
    "authority_explanation": lazy("By what authority the request is made for that person."),
    "contact": lazy("How the platform can reach whoever reports."),
}
BY_GROUND: dict[str, dict[str, Words]] = {
    "us-dmca-512c": DMCA,
    "us-tida-s3": TIDA,
    "eu-dsa-16": DSA,
    "uk-osa-20a": UK,
    "eu-gdpr-17": GDPR,
}
SHORT: dict[str, Words] = {
    "signature": lazy("signature"),
    "work_identification": lazy("which work it is"),
    "location": lazy("where the material is"),
    "contact": lazy("how to reach us"),
    "good_faith_statement": lazy("good-faith statement"),
    "accuracy_authority_statement": lazy("accuracy and authority"),
    "owner_name": lazy("name of the owner"),
    "nonconsent_statement": lazy("good-faith statement that there was no consent"),
    "context_facts": lazy("one fact that shows there was no consent"),
    "illegality_explanation": lazy("why the content is illegal"),
    "notifier_name_email": lazy("name and e-mail of the notifier"),
    "bona_fide_statement": lazy("statement of bona fide belief"),
    "declares_intimate_image_content": lazy("declaration"),
    "declares_subject_or_on_behalf": lazy("declaration"),
    "declares_good_faith_true": lazy("declaration"),
    "right_invoked": lazy("the right that is exercised"),
    "data_subject_link": lazy("how to find the data"),
    "mandate": lazy("what the person agreed to"),
    "rule_broken": lazy("the rule that is broken"),
    "authority_explanation": lazy("by what authority"),
    "authority": lazy("by what authority"),
    "dsa_notifier": lazy("name of the notifier"),
    "opening": lazy("the organisation's name"),
    "earlier": lazy("the earlier notice"),
}


def full(ground: Ground, key: str) -> str:
    """Return an element in the words of its statute, or of the rule that asks for it."""
    own = BY_GROUND.get(ground.id) or BY_GROUND.get(ground.inherits_elements) or POLICY
    return str(own[key])


def short(key: str) -> str:
    return str(SHORT.get(key, _("a part of the notice")))
