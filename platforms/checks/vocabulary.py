"""Closed lists that several shapes share, in the notation of shapes.py."""

CONF = "one:V,V2,M"
LEVEL = "one:high,medium,low"
COVERS = "many:ncii_authentic,ncii_synthetic,threat,csam"
UNIT = "one:elapsed_hours,us_business_days,business_days,calendar_days,months"
DEMANDS = (
    "many:agent.name,agent.email,agent.phone,agent.postal,agent.contact,org.name,"
    "notice.statute_citation,notice.accuracy_statement,notice.reasons,notice.legal_basis,"
    "notice.workspace_url,notice.authority_explanation,owner.name,requester.identity,"
    "victim.legal_name,victim.verification_images,victim.id_document"
)
MOMENTS = (
    "one:submitted_at,valid_request_received,report_received,request_received,complaint_received,"
    "provider_received_counter_notice,copy_received_at,informed_of_decision,ods_received_complaint,"
    "garante_received,order_served,notice_given_by_esafety,step_taken,complaint_filed,"
    "preservation_requested,informed_of_offence"
)
SENDERS = (
    "many:depicted_person,authorised_representative,rights_owner,any_person,any_entity,data_subject,"
    "mandated_representative,nonprofit_art_80,authority,depicted_person_14plus,parent_or_guardian,"
    "depicted_person_via_lawyer,institute_with_consent,parent_of_under_16,guardian,minor_14plus,"
    "authorised_by_minor_12plus,minor,parent_or_trusted_adult,adult_about_childhood_image,"
    "adult_depicted_person"
)
NEXUS = (
    "many:none,service_offered_in_EU,service_with_UK_links,platform_serves_IT,controller_in_EU,"
    "person_in_EU,depicted_resident_AU,poster_resident_AU,hosted_in_AU,case_country_*,"
    "case_region_BC"
)
MANDATE = "one:none,any,written"
HEAD = {"schema_version!": "int", "as_of!": "date"}
